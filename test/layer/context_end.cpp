// Execution contexts that are destroyed before their coroutines end.
#include <doctest/doctest.h>

#include "requester.hpp"

using namespace persistance;
using namespace persistance::test;

TEST_SUITE("layer context end") {
  // Catalogue F4
  TEST_CASE("an execution context may be destroyed at any point of a build") {
    EventLog log;
    for (std::size_t step = 0; step < 80; ++step) {
      const auto l = sample(log);
      const layer::MemoMap map;
      Requester first;
      Requester second;
      {
        asio::io_context context;
        first.start(context, waitAndUse(l, map));
        second.start(context, layer::launch(l));
        for (std::size_t i = 0; i < step; ++i) context.poll_one();
      }
      CHECK(second.completions == 0);
    }
  }

  TEST_CASE("who waits for a build whose execution context is destroyed builds it itself") {
    for (std::size_t step = 2; step < 20; ++step) {
      EventLog log;
      const auto l = layer::provideMerge(slow<2>(log), slow<1>(log));
      const layer::MemoMap map;
      asio::io_context mine;
      Requester waits;
      auto other = std::make_unique<asio::io_context>();
      Requester launches;
      launches.start(*other, layer::launch(l));
      Requester builds;
      const layer::Scope never;
      const auto hold = [&]() -> asio::awaitable<void> { co_await layer::build(l, never, map); };
      builds.start(*other, hold());
      for (std::size_t i = 0; i < step; ++i) other->poll_one();
      waits.start(mine, waitAndUse(l, map));
      mine.run_for(std::chrono::milliseconds(1));
      other.reset();
      mine.restart();
      mine.run_for(hang);
      CAPTURE(step);
      REQUIRE(waits.completions == 1);
      REQUIRE(!waits.error);
    }
  }
}
