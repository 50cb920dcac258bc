#include "async/event.hpp"

#include <doctest/doctest.h>
#include <atomic>
#include <thread>

#include "support/run.hpp"
#include "support/step_cancel.hpp"

using namespace persistance;
using async::Event;

namespace {

asio::awaitable<std::shared_ptr<Event>> makeEvent() {
  co_return std::make_shared<Event>(co_await asio::this_coro::executor);
}

}  // namespace

TEST_SUITE("async") {
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
}
