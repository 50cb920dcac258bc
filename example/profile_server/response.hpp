#pragma once
/// @file
/// What a handler answers, and what its exceptions mean.

#include <exception>
#include <stdexcept>
#include <string>

#include <nlohmann/json.hpp>
#include <restinio/http_headers.hpp>

namespace profile_server {

/// A status and a JSON body; no body where that is null.
struct Response {
  Response() = default;
  explicit Response(restinio::http_status_line_t status_, nlohmann::json body_ = nullptr)
      : status(std::move(status_)), body(std::move(body_)) {}

  restinio::http_status_line_t status = restinio::status_internal_server_error();
  nlohmann::json body;
  std::string allow;  ///< The methods that there are, for a request with another one.
};

/// The request itself is wrong: 400, with this sentence.
struct BadRequest : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// `{"error": sentence}`.
[[nodiscard]] Response refusal(restinio::http_status_line_t status, const std::string& sentence);

/// The one place where exceptions become statuses.
[[nodiscard]] Response responseTo(const std::exception_ptr& error);

}  // namespace profile_server
