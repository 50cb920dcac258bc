#pragma once
/// Cancels a coroutine after each of its steps in turn: k = 0, 1, ... handlers run, then the
/// cancellation is emitted, then everything runs to its end. Stops at the first k by which the
/// coroutine had ended.

#include <chrono>
#include <exception>
#include <functional>

#include <persistance/asio.hpp>

#include "run.hpp"

namespace persistance::test {

enum class Outcome { finished, cancelled };

struct StepCancel {
  std::size_t points = 0;     ///< How many cancellation points there were.
  std::size_t cancelled = 0;  ///< How many runs ended with operation_aborted.
  std::size_t finished = 0;   ///< How many ended with their result all the same.
};

/// `body()` is the operation under test. After each run `check(outcome)` looks at what is left. An
/// exception other than operation_aborted goes out to the caller.
inline StepCancel cancelAtEachStep(
    const std::function<asio::awaitable<void>()>& body,
    const std::function<void(Outcome)>& check = [](Outcome) {},
    std::chrono::milliseconds deadline = std::chrono::seconds(10)) {
  StepCancel result;
  for (std::size_t step = 0;; ++step) {
    asio::io_context context;
    asio::cancellation_signal signal;
    bool done = false;
    int completions = 0;
    std::exception_ptr error;
    auto handler = [&](std::exception_ptr e) {
      error = e;
      done = true;
      ++completions;
    };
    asio::co_spawn(context, body(), asio::bind_cancellation_slot(signal.slot(), handler));
    for (std::size_t i = 0; i < step && !done; ++i) context.run_one_for(deadline);
    const bool endedBefore = done;
    if (!endedBefore) {
      ++result.points;
      signal.emit(asio::cancellation_type::terminal);
      context.run_for(deadline);
    }
    if (!done) throw Hang();
    context.restart();
    context.run_for(deadline);
    if (completions != 1) throw std::logic_error("completed more than once");
    Outcome outcome = Outcome::finished;
    if (error) {
      try {
        std::rethrow_exception(error);
      } catch (const std::system_error& e) {
        if (e.code() != asio::error::operation_aborted) throw;
        outcome = Outcome::cancelled;
      }
    }
    outcome == Outcome::cancelled ? ++result.cancelled : ++result.finished;
    check(outcome);
    if (endedBefore) return result;
  }
}

}  // namespace persistance::test
