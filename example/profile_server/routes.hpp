#pragma once
/// @file
/// The routes of the profiles.

#include <memory>

#include <restinio/request_handler.hpp>

#include "profiles.hpp"
#include "requests.hpp"

namespace profile_server {

/// `profiles` outlives the last running request.
[[nodiscard]] restinio::default_request_handler_t routes(std::shared_ptr<Requests> requests,
                                                         const Profiles& profiles);

}  // namespace profile_server
