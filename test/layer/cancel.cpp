// Cancellation at every point.
#include <doctest/doctest.h>

#include <optional>

#include "requester.hpp"
#include "support/step_cancel.hpp"

using namespace persistance;
using namespace persistance::test;

TEST_SUITE("layer cancel") {
  // Catalogue F1, G5
  TEST_CASE("one requester, cancelled at every point") {
    EventLog log;
    std::optional<decltype(sample(log))> l;
    const auto body = [&]() -> asio::awaitable<void> {
      log.clear();
      l.emplace(sample(log));
      return layer::run(*l, [](Service<3>&, Service<7>&) { return yield(); });
    };
    int wrong = 0;
    const StepCancel result = cancelAtEachStep(body, [&](Outcome) { wrong += !balanced(log); });
    CHECK(wrong == 0);
    CHECK(result.points > 15);
    CHECK(result.cancelled > 15);
    // The last run was not cancelled.
    CHECK(count(log, "acquire1") == 1);
    CHECK(count(log, "acquire7") == 5);
  }

  TEST_CASE("interruption with merge") {
    EventLog log;
    const auto l = layer::merge(slow<1>(log), slow<2>(log));
    int wrong = 0;
    cancelAtEachStep([&] { return waitAndUse(l, layer::MemoMap()); },
                     [&](Outcome) { wrong += !balanced(log); });
    CHECK(wrong == 0);
  }

  TEST_CASE("interruption with provide") {
    EventLog log;
    const auto l = layer::provide(slow<2>(log), slow<1>(log));
    int wrong = 0;
    cancelAtEachStep([&] { return layer::run(l, [](Service<2>&) {}); },
                     [&](Outcome) { wrong += !balanced(log); });
    CHECK(wrong == 0);
  }

  TEST_CASE("interruption with multiple layers") {
    EventLog log;
    const auto one = slow<1>(log);
    const auto l =
        layer::provide(layer::merge(layer::provide(slow<3>(log), one), slow<2>(log)), one);
    int wrong = 0;
    cancelAtEachStep([&] { return layer::run(l, [](Service<2>&) {}); },
                     [&](Outcome) { wrong += !balanced(log); });
    CHECK(wrong == 0);
  }
}
