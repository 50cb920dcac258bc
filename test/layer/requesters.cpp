// Several that ask for the same layers, on one thread and on four.
#include <doctest/doctest.h>

#include <array>
#include <random>
#include <thread>

#include "requester.hpp"

using namespace persistance;
using namespace persistance::test;

TEST_SUITE("layer requesters") {
  // Whoever is cancelled, the other one gets its layer, and nothing is built twice.
  TEST_CASE("two requesters, one of them cancelled at every point") {
    for (const bool cancelFirst : {true, false}) {
      bool more = true;
      for (std::size_t step = 0; more; ++step) {
        EventLog log;
        const auto l = layer::provideMerge(slow<2>(log), slow<1>(log));
        const layer::MemoMap map;
        asio::io_context context;
        Requester first;
        Requester second;
        first.start(context, waitAndUse(l, map));
        second.start(context, waitAndUse(l, map));
        runSome(context, step);
        Requester& cancelled = cancelFirst ? first : second;
        Requester& other = cancelFirst ? second : first;
        more = cancelled.completions == 0;
        cancelled.cancel();
        context.run_for(hang);
        CAPTURE(step);
        CAPTURE(log.text());
        REQUIRE(first.completions == 1);
        REQUIRE(second.completions == 1);
        REQUIRE(!other.error);
        REQUIRE(balanced(log));
        // Before its first step it has not asked, so it may have to be built again.
        if (step >= 2 && more) REQUIRE(count(log, "acquire1") == 1);
      }
    }
  }

  TEST_CASE("two requesters, both cancelled at every pair of points") {
    for (std::size_t step = 0; step < 24; ++step) {
      for (std::size_t later = 0; later < 12; ++later) {
        EventLog log;
        const auto l = sample(log);
        const layer::MemoMap map;
        asio::io_context context;
        Requester first;
        Requester second;
        first.start(context, waitAndUse(l, map));
        second.start(context, waitAndUse(l, map));
        runSome(context, step);
        first.cancel();
        runSome(context, later);
        second.cancel();
        context.run_for(hang);
        REQUIRE(first.completions == 1);
        REQUIRE(second.completions == 1);
        REQUIRE(balanced(log));
      }
    }
  }

  TEST_CASE("a requester waiting on an interrupted build does not hang") {
    EventLog log;
    const auto l = slow<1>(log);
    const layer::MemoMap map;
    asio::io_context context;
    Requester first;
    Requester second;
    first.start(context, waitAndUse(l, map));
    runSome(context, 2);
    // The only one that waits is cancelled, and before the build has ended another one comes.
    first.cancel();
    second.start(context, waitAndUse(l, map));
    context.run_for(hang);
    CHECK(first.aborted());
    CHECK(second.completions == 1);
    CHECK(!second.error);
    CHECK(balanced(log));
  }

  TEST_CASE("an interrupted build does not leave an entry that hangs later builds") {
    EventLog log;
    const auto l = slow<1>(log);
    const layer::MemoMap map;
    asio::io_context context;
    Requester first;
    first.start(context, waitAndUse(l, map));
    runSome(context, 2);
    first.cancel();
    context.run_for(hang);
    CHECK(first.aborted());
    Requester second;
    context.restart();
    second.start(context, waitAndUse(l, map));
    context.run_for(hang);
    CHECK(second.completions == 1);
    CHECK(!second.error);
    CHECK(balanced(log));
  }

  TEST_CASE("concurrent requesters build the layer once") {
    EventLog log;
    const auto l = slow<1>(log);
    const layer::MemoMap map;
    asio::io_context context;
    std::vector<Requester> requesters(10);
    for (Requester& requester : requesters) requester.start(context, waitAndUse(l, map));
    context.run_for(hang);
    for (const Requester& requester : requesters) CHECK(requester.completions == 1);
    CHECK(log.text() == "acquire1 release1");
  }

  TEST_CASE("the last requester's cancellation cancels the build, each other's only itself") {
    EventLog log;
    const auto endless = layer::scoped([&](layer::Scope& scope) -> asio::awaitable<Service<1>> {
      scope.addFinalizer([&] { log.add("released"); });
      asio::steady_timer timer(co_await asio::this_coro::executor, std::chrono::hours(1));
      co_await timer.async_wait(asio::use_awaitable);
      co_return Service<1>();
    });
    const layer::MemoMap map;
    asio::io_context context;
    std::vector<Requester> requesters(3);
    for (Requester& requester : requesters) requester.start(context, waitAndUse(endless, map));
    for (Requester& requester : requesters) {
      runAll(context, std::chrono::milliseconds(5));
      CHECK(log.text().empty());
      requester.cancel();
      for (int i = 0; i < 1000 && requester.completions == 0; ++i)
        runAll(context, std::chrono::milliseconds(5));
      CHECK(requester.aborted());
    }
    CHECK(log.text() == "released");
  }

  // Catalogue F2, F8
  TEST_CASE("several requesters on four threads, cancelled at any time") {
    std::minstd_rand random(20240817);
    for (int round = 0; round < 150; ++round) {
      EventLog log;
      const auto l = sample(log);
      const layer::MemoMap map;
      asio::io_context context;
      constexpr int people = 4;
      std::array<Requester, people> requesters;
      std::vector<asio::strand<asio::io_context::executor_type>> strands;
      for (Requester& requester : requesters) {
        strands.push_back(asio::make_strand(context));
        requester.start(strands.back(), waitAndUse(l, map));
      }
      std::vector<std::unique_ptr<asio::steady_timer>> timers;
      for (std::size_t i = 0; i < people; ++i) {
        if (random() % 4 == 0) continue;
        timers.push_back(std::make_unique<asio::steady_timer>(
            strands[i], std::chrono::microseconds(random() % 1500)));
        timers.back()->async_wait(
            [&requester = requesters[i]](std::error_code) { requester.cancel(); });
      }
      std::vector<std::thread> crew;
      for (int i = 0; i < 4; ++i) crew.emplace_back([&] { context.run_for(hang); });
      for (std::thread& thread : crew) thread.join();
      CAPTURE(round);
      CAPTURE(log.text());
      for (const Requester& requester : requesters) {
        REQUIRE(requester.completions == 1);
        REQUIRE((!requester.error || requester.aborted()));
      }
      REQUIRE(balanced(log));
    }
  }

  TEST_CASE("builds and closes on four threads without a strand") {
    EventLog log;
    const auto l = sample(log);
    const layer::MemoMap map;
    asio::io_context context;
    std::vector<Requester> requesters(40);
    for (Requester& requester : requesters) requester.start(context, waitAndUse(l, map));
    std::vector<std::thread> crew;
    for (int i = 0; i < 4; ++i) crew.emplace_back([&] { context.run_for(hang); });
    for (std::thread& thread : crew) thread.join();
    for (const Requester& requester : requesters) {
      CHECK(requester.completions == 1);
      CHECK(!requester.error);
    }
    CHECK(balanced(log));
  }

  // What a failed build had acquired is free again when anybody who asked for it goes on.
  TEST_CASE("a requester that is cancelled while the shared build fails waits for its release") {
    EventLog log;
    const auto bad = layer::scoped([&](layer::Scope& scope) -> asio::awaitable<Service<1>> {
      log.add("acquire1");
      scope.addFinalizer([&]() -> asio::awaitable<void> {
        for (int i = 0; i < 20; ++i) co_await yield();
        log.add("release1");
      });
      co_await yield();
      throw Failed();
    });
    const layer::MemoMap map;
    asio::io_context context;
    Requester first;
    Requester second;
    const auto asks = [&](std::string name) -> asio::awaitable<void> {
      try {
        co_await waitAndUse(bad, map);
      } catch (const std::exception&) {
        log.add(name);
      }
    };
    first.start(context, asks("first"));
    second.start(context, asks("second"));
    runSome(context, 12);
    REQUIRE(log.text() == "acquire1");
    second.cancel();
    runAll(context);
    const auto events = log.events();
    REQUIRE(events.size() == 4);
    CHECK(events[1] == "release1");
  }
}
