#pragma once
/// @file
/// Requests that nobody waits for.

#include "backing/redis/request.hpp"

namespace persistance::test {

/// Makes requests of an execution context that never runs.
struct Requests {
  asio::io_context context;
  backing::redis::RequestPtr make(std::string wire, std::string expected,
                                  backing::redis::Clock::time_point deadline = {}) {
    auto request = std::make_shared<backing::redis::Request>(context.get_executor(), deadline);
    request->wire = std::move(wire);
    request->expected = std::move(expected);
    return request;
  }
};

}  // namespace persistance::test
