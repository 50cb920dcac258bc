#include <doctest/doctest.h>

#include "contract/suite.hpp"
#include "support/manual_clock.hpp"

using namespace persistance;
namespace contract = test::contract;

TEST_SUITE("memory contract") {
  TEST_CASE("contract") {
    auto clock = std::make_shared<test::ManualClock<std::chrono::steady_clock>>();
    contract::Subject subject;
    subject.fresh = [clock] {
      return layerMemoryWith(MemoryOptions([clock] { return clock->now(); }));
    };
    subject.pass = [clock](std::chrono::milliseconds time) -> asio::awaitable<void> {
      clock->advance(time);
      co_return;
    };
    for (const contract::Check& check : contract::checks()) {
      SUBCASE(check.name) { check.run(subject); }
    }
  }
}
