#include "contract/suite.hpp"

#include <doctest/doctest.h>

#include <persistance/backing/redis.hpp>

#include "support/server.hpp"
#include "support/workload.hpp"

using namespace persistance;
using std::chrono::milliseconds;
using test::sleepFor;
namespace contract = test::contract;

TEST_SUITE("redis contract") {
  TEST_CASE("standalone: contract, and the differential against memory") {
    static test::RedisServer server;
    contract::Subject subject;
    subject.fresh = [] {
      server.command({"FLUSHALL"});
      return layerRedis(RedisOptions(server.url()));
    };
    // Two milliseconds more: the server counts in whole ones, and an end has to be over.
    subject.pass = [](milliseconds time) { return sleepFor(time + milliseconds(2)); };
    subject.unit = std::chrono::milliseconds(40);
    subject.atomic = false;
    subject.listsOnce = false;  // SCAN
    for (const contract::Check& check : contract::checks()) {
      SUBCASE(check.name) { check.run(subject); }
    }
  }
}
