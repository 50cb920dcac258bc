#pragma once
/// @file
/// A layer as a whole program: runMain.

#include <chrono>
#include <csignal>
#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <persistance/layer/detail/build.hpp>
#include <persistance/layer/handle.hpp>

namespace persistance::layer {

/// How a program runs, and how it ends.
struct MainOptions {
  MainOptions() = default;
  explicit MainOptions(std::string name_) : name(std::move(name_)) {}

  // Running
  /// How many threads run the program; 1. With more of them, what layers start on their executor
  /// runs side by side, and services that are used from several need locks of their own.
  std::size_t threads = 1;

  // Ending
  /// What ends the program in order; SIGINT and SIGTERM. None: it ends only by an error.
  std::vector<int> signals{SIGINT, SIGTERM};
  /// How long the end may take from the signal or the failure on; 30 seconds. Keep it below the
  /// time after which the program is killed (systemd: TimeoutStopSec). nullopt: as long as it
  /// takes.
  std::optional<std::chrono::milliseconds> shutdownDeadline = std::chrono::seconds(30);

  // Telling
  /// What stands before a message; empty: the name of the program, where that is known.
  std::string name;
  /// Takes the message of a program that fails, one line; not given: it goes to stderr. Called on
  /// the thread of runMain.
  std::function<void(const std::string&)> report;
};

namespace detail {

[[nodiscard]] int runMainServices(const Ref& ref, const MainOptions& options);

}  // namespace detail

/// Runs a layer as a whole program, on an io_context of its own: builds it, waits for a signal, and
/// releases everything.
///
///     int main() { return layer::runMain(app); }
///
/// The first signal cancels what runs and releases the layer. A second one ends the process at
/// once, by what the signal does to a program that does not know it, also where every thread is
/// busy. What is left on the io_context when all is released (idle connections) is dropped.
///
/// @par Returns  The exit code. 0: a signal ended it, and all is released. 1: the build, a task or
///               a finalizer failed, a handler threw (then the layer is released in order), or the
///               deadline passed; the message says what, and in which layer.
/// @par Errors   None of the layer's. std::system_error: a signal of `options` cannot be caught.
/// @par Threads  Functions of layers see an executor of the io_context, which `options.threads`
///               threads run; one more waits for signals. One runMain at a time for one signal.
///               Where a thread is still blocked a second after the deadline, the process is ended.
template <detail::AnyLayer L>
[[nodiscard]] int runMain(const L& layer, const MainOptions& options = MainOptions()) {
  if constexpr (detail::requiresNothing<L>(typename L::Needs{})) {
    return detail::runMainServices(layer.ref(), options);
  } else {
    return 1;
  }
}

}  // namespace persistance::layer
