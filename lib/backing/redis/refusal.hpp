#pragma once
/// @file
/// Why a request has no reply.

#include <string>
#include <utility>

#include <persistance/error.hpp>

namespace persistance::backing::redis {

/// Why a request has no reply.
struct Refusal {
  BackingErrc code = BackingErrc::unavailable;
  /// Whether any byte of it may have reached the server: then it may have been applied.
  bool sent = false;
  std::string detail;

  Refusal() = default;
  Refusal(BackingErrc code_, bool sent_, std::string detail_)
      : code(code_), sent(sent_), detail(std::move(detail_)) {}
};

}  // namespace persistance::backing::redis
