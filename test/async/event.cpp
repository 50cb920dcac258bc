#include "async/event.hpp"

#include <doctest/doctest.h>
#include <algorithm>
#include <atomic>
#include <functional>
#include <future>
#include <thread>
#include <vector>

#include "support/run.hpp"
#include "support/step_cancel.hpp"

using namespace persistance;
using async::Event;

namespace {

asio::awaitable<std::shared_ptr<Event>> makeEvent() {
  co_return std::make_shared<Event>(co_await asio::this_coro::executor);
}

}  // namespace

TEST_SUITE("async event") {
  TEST_CASE("an event that was set before the wait does not suspend for ever") {
    test::run([]() -> asio::awaitable<void> {
      auto event = co_await makeEvent();
      event->set();
      event->set();
      co_await Event::wait(event);
      co_await Event::wait(event);
    });
  }

  TEST_CASE("any thread sets, on one or several io threads") {
    for (const int threads : {1, 4}) {
      test::run(
          []() -> asio::awaitable<void> {
            for (int i = 0; i < 500; ++i) {
              auto event = co_await makeEvent();
              std::thread setter([event] { event->set(); });
              co_await Event::wait(event);
              setter.join();
            }
          },
          std::chrono::seconds(60), threads);
    }
  }

  TEST_CASE("cancellation ends the wait with operation_aborted, and a later set does nothing") {
    std::shared_ptr<Event> kept;
    const auto wait = [&kept]() -> asio::awaitable<void> {
      kept = co_await makeEvent();
      co_await Event::wait(kept);
    };
    asio::io_context context;
    asio::cancellation_signal signal;
    std::exception_ptr error;
    auto handler = [&](std::exception_ptr e) { error = e; };
    asio::co_spawn(context, wait, asio::bind_cancellation_slot(signal.slot(), handler));
    context.poll();
    signal.emit(asio::cancellation_type::partial);
    context.poll();
    CHECK(error == nullptr);
    signal.emit(asio::cancellation_type::terminal);
    context.run_for(std::chrono::seconds(10));
    REQUIRE(error != nullptr);
    CHECK_THROWS_AS(std::rethrow_exception(error), std::system_error);
    kept->set();
  }

  TEST_CASE(
      "destroying the io_context destroys the coroutine that waits; a set that comes late or at "
      "the same moment is harmless") {
    for (int round = 0; round < 300; ++round) {
      std::shared_ptr<Event> event;
      auto alive = std::make_shared<int>(0);
      std::thread setter;
      std::atomic<bool> go = false;
      {
        asio::io_context context;
        auto body = [&event, alive]() -> asio::awaitable<void> {
          const auto local = alive;
          event = co_await makeEvent();
          co_await Event::wait(event);
        };
        asio::co_spawn(context, std::move(body), asio::detached);
        context.poll();
        setter = std::thread([&go, event] {
          while (!go) {
          }
          event->set();
        });
        if (round % 2 == 0) go = true;
      }
      go = true;
      setter.join();
      event.reset();
      CHECK(alive.use_count() == 1);
    }
  }

  TEST_CASE("a waiting coroutine keeps run() from returning") {
    asio::io_context context;
    std::shared_ptr<Event> event;
    bool resumed = false;
    auto body = [&]() -> asio::awaitable<void> {
      event = co_await makeEvent();
      co_await Event::wait(event);
      resumed = true;
    };
    asio::co_spawn(context, body, asio::detached);
    context.poll();
    std::thread setter([&] {
      std::this_thread::sleep_for(std::chrono::milliseconds(20));
      event->set();
    });
    context.run();
    setter.join();
    CHECK(resumed);
  }

  TEST_CASE("many set at once: each resumes once, in order, on its own executor") {
    asio::io_context context;
    asio::io_context other;
    const auto strand = asio::make_strand(context);
    const std::function<bool()> at[] = {
        [&context] { return context.get_executor().running_in_this_thread(); },
        [&other] { return other.get_executor().running_in_this_thread(); },
        [&strand] { return strand.running_in_this_thread(); }};
    std::vector<std::shared_ptr<Event>> events(40);
    std::vector<std::size_t> resumed;
    std::size_t wrong = 0;
    const auto body = [&](std::size_t i, std::size_t home) -> asio::awaitable<void> {
      events[i] = co_await makeEvent();
      co_await Event::wait(events[i]);
      wrong += at[home]() ? 0 : 1;
      resumed.push_back(i);
    };
    for (std::size_t i = 0; i < events.size(); ++i) {
      if (i / 10 == 2) {
        asio::co_spawn(other, body(i, 1), asio::detached);
      } else if (i / 10 == 1) {
        asio::co_spawn(strand, body(i, 2), asio::detached);
      } else {
        asio::co_spawn(context, body(i, 0), asio::detached);
      }
    }
    context.poll();
    other.poll();
    events[3]->set();
    std::vector<Event*> all;
    for (const auto& event : events) all.push_back(event.get());
    Event::setAll(all);
    Event::setAll(all);
    Event::setAll({});
    CHECK(resumed.empty());
    context.run();
    CHECK(resumed.size() == 30);
    CHECK(resumed.front() == 3);
    CHECK(std::is_sorted(resumed.begin() + 1, resumed.end()));
    other.run();
    CHECK(resumed.size() == 40);
    CHECK(wrong == 0);
  }

  TEST_CASE(
      "many set at once: one that throws to run(), or stops the context, loses none of the "
      "others") {
    asio::io_context context;
    std::vector<std::shared_ptr<Event>> events(6);
    std::size_t resumed = 0;
    const auto body = [&](std::size_t i) -> asio::awaitable<void> {
      events[i] = co_await makeEvent();
      co_await Event::wait(events[i]);
      ++resumed;
      if (i == 1) throw std::runtime_error("to run()");
      if (i == 3) context.stop();
    };
    const auto toRun = [](std::exception_ptr error) {
      if (error) std::rethrow_exception(error);
    };
    for (std::size_t i = 0; i < events.size(); ++i) asio::co_spawn(context, body(i), toRun);
    context.poll();
    std::vector<Event*> all;
    for (const auto& event : events) all.push_back(event.get());
    Event::setAll(all);
    CHECK_THROWS_AS(context.run(), std::runtime_error);
    CHECK(resumed == 4);
    context.restart();
    context.run();
    CHECK(resumed == 6);
  }

  TEST_CASE("many set at once: one that blocks its thread leaves the others to other threads") {
    asio::io_context context;
    std::vector<std::shared_ptr<Event>> events(4);
    std::promise<void> last;
    bool waited = false;
    const auto body = [&](std::size_t i) -> asio::awaitable<void> {
      events[i] = co_await makeEvent();
      co_await Event::wait(events[i]);
      if (i == 0) {
        waited = last.get_future().wait_for(std::chrono::seconds(30)) == std::future_status::ready;
      }
      if (i == 3) last.set_value();
    };
    for (std::size_t i = 0; i < events.size(); ++i) {
      asio::co_spawn(context, body(i), asio::detached);
    }
    context.poll();
    std::vector<Event*> all;
    for (const auto& event : events) all.push_back(event.get());
    Event::setAll(all);
    std::thread helper([&context] { context.run(); });
    context.run();
    helper.join();
    CHECK(waited);
  }

  TEST_CASE("many set at once: destroying the io_context before they run destroys them all") {
    auto alive = std::make_shared<int>(0);
    std::vector<std::shared_ptr<Event>> events(5);
    {
      asio::io_context context;
      const auto body = [&events](std::size_t i, std::shared_ptr<int>) -> asio::awaitable<void> {
        events[i] = co_await makeEvent();
        co_await Event::wait(events[i]);
      };
      for (std::size_t i = 0; i < events.size(); ++i) {
        asio::co_spawn(context, body(i, alive), asio::detached);
      }
      context.poll();
      std::vector<Event*> all;
      for (const auto& event : events) all.push_back(event.get());
      Event::setAll(all);
    }
    CHECK(alive.use_count() == 1);
  }
}
