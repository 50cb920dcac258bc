#include "contract/suite.hpp"

#include <doctest/doctest.h>

#include "support.hpp"
#include "support/manual_clock.hpp"

using namespace persistance;
namespace contract = test::contract;

TEST_SUITE("lmdb contract") {
  TEST_CASE("contract") {
    auto clock = std::make_shared<test::ManualClock<std::chrono::system_clock>>();
    std::vector<std::shared_ptr<test::Directory>> directories;
    contract::Subject subject;
    subject.fresh = [&] {
      directories.push_back(std::make_shared<test::Directory>());
      LmdbOptions options(directories.back()->path());
      options.clock = [clock] { return clock->now(); };
      return layerLmdb(options);
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
