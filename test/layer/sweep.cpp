// Cancellation at every point of what has to end: close, dispose, spawn, timeout; on one thread at
// each step, on four at any time.
#include <doctest/doctest.h>

#include <array>
#include <memory>
#include <random>
#include <thread>

#include "requester.hpp"
#include "support/step_cancel.hpp"

using namespace persistance;
using namespace persistance::test;

namespace {

using Body = asio::awaitable<void> (*)(EventLog&);

asio::awaitable<void> closes(EventLog& log) {
  const layer::Scope scope;
  std::exception_ptr error;
  try {
    co_await layer::build(layer::provide(slow<2>(log), slow<1>(log)), scope);
    co_await yield();
  } catch (...) {
    error = std::current_exception();
  }
  co_await scope.close(layer::Exit(error));
}

asio::awaitable<void> disposes(EventLog& log) {
  const layer::ManagedRuntime runtime(layer::provide(slow<2>(log), slow<1>(log)));
  std::exception_ptr error;
  try {
    auto body = [](Service<2>&) { return yield(); };
    co_await runtime.run(body);
    co_await yield();
  } catch (...) {
    error = std::current_exception();
  }
  co_await runtime.dispose();
  if (error) std::rethrow_exception(error);
}

asio::awaitable<void> disposesInside(EventLog& log) {
  const layer::ManagedRuntime runtime(slow<1>(log));
  std::exception_ptr error;
  try {
    auto body = [runtime](Service<1>&) -> asio::awaitable<void> { co_await runtime.dispose(); };
    co_await runtime.run(body);
  } catch (...) {
    error = std::current_exception();
  }
  co_await runtime.dispose();
  if (error) std::rethrow_exception(error);
}

asio::awaitable<void> buildsIntoClosed(EventLog& log) {
  const layer::Scope scope;
  co_await scope.close();
  try {
    co_await layer::build(slow<1>(log), scope);
  } catch (const layer::ClosedError&) {
    log.add("closed");
  }
}

asio::awaitable<void> spawns(EventLog& log) {
  auto task = [](EventLog& events) -> asio::awaitable<void> {
    events.add("acquire9");
    try {
      co_await waitForEver();
    } catch (const std::system_error&) {
      events.add("release9");
    }
  };
  const auto l = layer::scoped([&](layer::Scope& scope) -> asio::awaitable<Service<1>> {
    scope.spawn(task(log));
    co_await yield();
    scope.spawn(task(log));
    co_return Service<1>();
  });
  auto body = [](Service<1>&) { return yield(); };
  co_await layer::run(layer::merge(l, slow<2>(log)), body);
}

asio::awaitable<void> timesOut(EventLog& log) {
  const auto quick = layer::timeout(slow<1>(log), std::chrono::hours(1));
  const auto late = layer::timeout(
      layer::provide(layer::effectDiscard([](Service<2>&) { return waitForEver(); }), slow<2>(log)),
      std::chrono::milliseconds(1));
  auto body = [] { return yield(); };
  co_await layer::run(layer::merge(quick, layer::orElse(late, layer::empty)), body);
}

constexpr std::array<Body, 6> bodies{closes,           disposes, disposesInside,
                                     buildsIntoClosed, spawns,   timesOut};

}  // namespace

TEST_SUITE("layer sweep") {
  TEST_CASE("cancelled at every step, everything that was acquired is released") {
    for (std::size_t i = 0; i < bodies.size(); ++i) {
      CAPTURE(i);
      EventLog log;
      int wrong = 0;
      const auto body = [&] {
        log.clear();
        return bodies[i](log);
      };
      const StepCancel result = cancelAtEachStep(body, [&](Outcome) { wrong += !balanced(log); });
      CHECK(wrong == 0);
      CHECK(result.points >= 4);
    }
  }

  TEST_CASE("cancelled at any time on four threads, everything that was acquired is released") {
    std::minstd_rand random(20261125);
    for (int round = 0; round < 60; ++round) {
      EventLog log;
      asio::io_context context;
      std::array<Requester, bodies.size()> requesters;
      std::vector<std::unique_ptr<asio::steady_timer>> timers;
      for (std::size_t i = 0; i < bodies.size(); ++i) {
        const auto strand = asio::make_strand(context);
        requesters[i].start(strand, bodies[i](log));
        timers.push_back(std::make_unique<asio::steady_timer>(
            strand, std::chrono::microseconds(random() % 2000)));
        timers.back()->async_wait([&one = requesters[i]](std::error_code) { one.cancel(); });
      }
      std::vector<std::thread> crew;
      for (int i = 0; i < 4; ++i) crew.emplace_back([&] { context.run_for(hang); });
      for (std::thread& thread : crew) thread.join();
      CAPTURE(round);
      CAPTURE(log.text());
      for (const Requester& one : requesters) REQUIRE(one.completions == 1);
      REQUIRE(balanced(log));
    }
  }

  // Without strands: what one layer's failure cancels runs on several threads.
  TEST_CASE("a failure cancels its siblings on four threads without a strand") {
    for (int round = 0; round < 100; ++round) {
      EventLog log;
      asio::io_context context;
      Requester requester;
      const auto endless = [&] {
        return layer::scoped([&](layer::Scope& scope) -> asio::awaitable<Service<1>> {
          log.add("acquire1");
          scope.addFinalizer([&] { log.add("release1"); });
          for (;;) co_await yield();
        });
      };
      const auto l = layer::merge(endless(), endless(), endless(), failing<2>(log), slow<3>(log));
      requester.start(context, waitAndUse(l, layer::MemoMap()));
      std::vector<std::thread> crew;
      for (int i = 0; i < 4; ++i) crew.emplace_back([&] { context.run_for(hang); });
      for (std::thread& thread : crew) thread.join();
      REQUIRE(requester.completions == 1);
      REQUIRE(balanced(log));
    }
  }
}
