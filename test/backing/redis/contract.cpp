#include "contract/suite.hpp"

#include <doctest/doctest.h>

#include <persistance/backing/redis.hpp>

#include "support/server.hpp"

using namespace persistance;
namespace contract = test::contract;

namespace {

// Two milliseconds more: the server counts in whole ones, and an end has to be over.
asio::awaitable<void> sleepFor(std::chrono::milliseconds time) {
  asio::steady_timer timer(co_await asio::this_coro::executor, time + std::chrono::milliseconds(2));
  co_await timer.async_wait(asio::use_awaitable);
}

}  // namespace

TEST_SUITE("redis contract") {
  TEST_CASE("standalone: contract, and the differential against memory") {
    static test::RedisServer server;
    contract::Subject subject;
    subject.fresh = [] {
      server.command({"FLUSHALL"});
      return layerRedis(RedisOptions(server.url()));
    };
    subject.pass = sleepFor;
    subject.unit = std::chrono::milliseconds(40);
    subject.atomic = false;
    for (const contract::Check& check : contract::checks()) {
      SUBCASE(check.name) { check.run(subject); }
    }
  }
}
