#pragma once
/// @file
/// What the programs of this folder share: a log, a wait, and how a coroutine ended.

#include <chrono>
#include <functional>
#include <string>
#include <thread>
#include <vector>

#include <persistance/layer.hpp>

#include "field/program.hpp"
#include "support/event_log.hpp"

namespace layer = persistance::layer;
using namespace std::chrono_literals;
using persistance::test::EventLog;

inline asio::awaitable<void> sleepFor(std::chrono::milliseconds duration) {
  asio::steady_timer timer(co_await asio::this_coro::executor, duration);
  co_await timer.async_wait(asio::use_awaitable);
}

/// A coroutine that was spawned, and how it ended.
class Spawned {
 public:
  template <class Executor>
  void start(Executor&& on, asio::awaitable<void> work) {
    asio::co_spawn(std::forward<Executor>(on), std::move(work),
                   asio::bind_cancellation_slot(signal_.slot(), [this](std::exception_ptr error) {
                     error_ = error;
                     over_ = true;
                   }));
  }
  void cancel() { signal_.emit(asio::cancellation_type::terminal); }

  bool over() const { return over_; }
  bool succeeded() const { return over_ && !error_; }
  bool aborted() const { return over_ && text().find("aborted") != std::string::npos; }
  std::string text() const {
    return field::thrown([&] {
      if (error_) std::rethrow_exception(error_);
    });
  }
  template <class Error>
  bool failedWith() const {
    try {
      if (error_) std::rethrow_exception(error_);
    } catch (const Error&) {
      return true;
    } catch (...) {
    }
    return false;
  }

 private:
  asio::cancellation_signal signal_;
  std::exception_ptr error_;
  bool over_ = false;
};

/// Calls `f` on the context after a while.
inline void after(asio::io_context& context, std::chrono::milliseconds duration,
                  std::function<void()> f) {
  const auto timer = std::make_shared<asio::steady_timer>(context, duration);
  timer->async_wait([timer, f = std::move(f)](std::error_code) { f(); });
}

inline void runOn(asio::io_context& context, int threads) {
  std::vector<std::thread> crew;
  for (int i = 0; i < threads; ++i) crew.emplace_back([&] { context.run(); });
  for (std::thread& thread : crew) thread.join();
}
