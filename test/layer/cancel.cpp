// Cancellation at every point, with one requester and several, on one thread and on four; and
// graphs that are deep.
#include <doctest/doctest.h>

#include <atomic>
#include <map>
#include <optional>
#include <random>
#include <thread>

#include "layers.hpp"
#include "support/small_stack.hpp"
#include "support/step_cancel.hpp"

using namespace persistance;
using namespace persistance::test;

namespace {

// A diamond on a chain, with something of every kind that waits.
auto sample(EventLog& log) {
  const auto foot = layer::provideMerge(slow<2>(log), slow<1>(log));
  const auto left = layer::provide(slow<3>(log), foot);
  const auto right =
      layer::tap(layer::provide(slow<4>(log), foot), [](Service<4>&) { return yield(); });
  const auto flaky = layer::orElse(failing<5>(log), slow<5>(log));
  const auto late = layer::unwrap([&log]() -> asio::awaitable<LayerOf<6>> {
    co_await yield();
    co_return slow<6>(log);
  });
  const auto hard = layer::retry(layer::orElse(failing<7>(log), failing<7>(log)),
                                 layer::Schedule::spaced(std::chrono::milliseconds(1)).times(1));
  const auto soft = layer::catchAll(hard, [&log] { return slow<7>(log); });
  return layer::merge(left, right, flaky, late, soft);
}

// Everything that was acquired was released, as often as it was acquired.
bool balanced(const EventLog& log) {
  std::map<std::string, int> open;
  for (const std::string& event : log.events()) {
    if (event.starts_with("acquire")) ++open[event.substr(7)];
    if (event.starts_with("release") && --open[event.substr(7)] < 0) return false;
  }
  for (const auto& [name, count] : open) {
    if (count != 0) return false;
  }
  return true;
}

int count(const EventLog& log, const std::string& wanted) {
  int n = 0;
  for (const std::string& event : log.events()) n += event == wanted;
  return n;
}

// A coroutine with a cancellation of its own.
struct Requester {
  asio::cancellation_signal signal;
  std::atomic<int> completions = 0;
  std::exception_ptr error;

  void start(const asio::any_io_executor& executor, asio::awaitable<void> work) {
    asio::co_spawn(executor, std::move(work),
                   asio::bind_cancellation_slot(signal.slot(), [this](std::exception_ptr e) {
                     error = e;
                     ++completions;
                   }));
  }
  void start(asio::io_context& context, asio::awaitable<void> work) {
    start(context.get_executor(), std::move(work));
  }

  bool aborted() const {
    try {
      if (error) std::rethrow_exception(error);
    } catch (const std::system_error& e) {
      return e.code() == asio::error::operation_aborted;
    }
    return false;
  }
};

template <class L>
asio::awaitable<void> waitAndUse(L layer, layer::MemoMap map) {
  return layer::run(layer, [] { return yield(); }, map);
}

void runSome(asio::io_context& context, std::size_t steps) {
  for (std::size_t i = 0; i < steps; ++i) context.run_one_for(std::chrono::seconds(5));
}

constexpr auto hang = std::chrono::seconds(20);

}  // namespace

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
        cancelled.signal.emit(asio::cancellation_type::terminal);
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
        first.signal.emit(asio::cancellation_type::terminal);
        runSome(context, later);
        second.signal.emit(asio::cancellation_type::terminal);
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
    first.signal.emit(asio::cancellation_type::terminal);
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
    first.signal.emit(asio::cancellation_type::terminal);
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
    for (std::size_t i = 0; i < requesters.size(); ++i) {
      context.restart();
      context.run_for(std::chrono::milliseconds(5));
      CHECK(log.text().empty());
      requesters[i].signal.emit(asio::cancellation_type::terminal);
      context.restart();
      context.run_for(std::chrono::milliseconds(5));
      CHECK(requesters[i].aborted());
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
        timers.back()->async_wait([&requester = requesters[i]](std::error_code) {
          requester.signal.emit(asio::cancellation_type::terminal);
        });
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

  TEST_CASE("a chain of any length is built, closed and destroyed on a flat stack") {
    onSmallStack([] {
      constexpr int length = 10000;
      const auto next = [] {
        return layer::sync([](Service<1>& s) { return Service<1>{s.value + 1}; });
      };
      LayerOf<1> right = layer::succeed(Service<1>{0});
      layer::Layer<layer::Requires<Service<1>>, layer::Provides<Service<1>>> left = next();
      LayerOf<1> merged = layer::succeed(Service<1>{0});
      for (int i = 0; i < length; ++i) {
        right = layer::provide(next(), right);
        left = layer::provide(left, next());
        merged = layer::merge(layer::fresh(merged), layer::succeed(Service<1>{i}));
      }
      const auto value = [](Service<1>& s) { return s.value; };
      CHECK(run([&] { return layer::run(right, value); }) == length);
      const auto closed = layer::provide(left, layer::succeed(Service<1>{0}));
      CHECK(run([&] { return layer::run(closed, value); }) == length + 1);
      CHECK(run([&] { return layer::run(merged, value); }) == length - 1);
      CHECK(layer::graph(right).size() > length);
    });
  }

  TEST_CASE("a long chain may be dropped, cancelled or abandoned half-way") {
    onSmallStack([] {
      constexpr int length = 10000;
      EventLog log;
      LayerOf<1> l = slow<1>(log);
      for (int i = 0; i < length; ++i)
        l = layer::provide(layer::sync([](Service<1>& s) { return Service<1>{s.value + 1}; }), l);
      const layer::MemoMap map;
      {
        asio::io_context context;
        Requester abandoned;
        abandoned.start(context, waitAndUse(l, map));
        runSome(context, 2);
      }
      asio::io_context context;
      Requester cancelled;
      cancelled.start(context, waitAndUse(l, map));
      runSome(context, 2);
      cancelled.signal.emit(asio::cancellation_type::terminal);
      context.run_for(hang);
      CHECK(cancelled.aborted());
      context.restart();
      Requester dropped;
      const auto drop = [&]() -> asio::awaitable<void> {
        const layer::Scope scope;
        co_await layer::build(l, scope, map);
      };
      dropped.start(context, drop());
      context.run_for(hang);
      CHECK(dropped.completions == 1);
    });
  }
}
