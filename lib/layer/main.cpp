#include <persistance/layer/main.hpp>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <memory>
#include <thread>
#include <vector>

#include <asio/signal_set.hpp>

#include "async/from_now.hpp"
#include "failure.hpp"

namespace persistance::layer::detail {
namespace {

std::string programName(const MainOptions& options) {
  if (!options.name.empty()) return options.name;
#ifdef __GLIBC__
  return program_invocation_short_name;
#else
  return "persistance";
#endif
}

std::string textAt(const std::string& layer, const std::string& text) {
  return layer.empty() ? text : layer + ": " + text;
}

/// What `error` tells of, and the finalizers that failed after it. A cancellation that was `wanted`
/// is no failure.
std::vector<std::string> failuresOf(const std::exception_ptr& error, bool wanted) {
  std::vector<std::string> failures;
  if (!wanted || !isAborted(error)) failures.push_back(textAt(failedLayer(error), textOf(error)));
  for (const FinalizerFailure& failure : failedFinalizers(error))
    failures.push_back(textAt(failure.layer, failure.what));
  return failures;
}

// Waits for signals on a thread of its own: those of the program may be busy.
class SignalWatch {
 public:
  SignalWatch(const MainOptions& options, std::function<void()> stop)
      : signals_(context_), lastResort_(context_) {
    for (const int signal : options.signals) signals_.add(signal);
    signals_.async_wait([this, stop = std::move(stop), deadline = options.shutdownDeadline,
                         name = programName(options)](const std::error_code& error, int) {
      if (error) return;
      signals_.clear();  // the next one does what it does to any program
      stop();
      if (deadline) endWhereBlocked(*deadline, name);
    });
    thread_ = std::thread([this] { context_.run(); });
  }
  SignalWatch(const SignalWatch&) = delete;
  SignalWatch& operator=(const SignalWatch&) = delete;
  ~SignalWatch() {
    context_.stop();
    thread_.join();
  }

 private:
  void endWhereBlocked(std::chrono::milliseconds deadline, const std::string& name) {
    lastResort_.expires_at(async::fromNow(deadline) + std::chrono::seconds(1));
    lastResort_.async_wait([name](const std::error_code& error) {
      if (error) return;
      std::fprintf(stderr, "%s: a thread is blocked beyond the shutdown deadline\n", name.c_str());
      std::_Exit(EXIT_FAILURE);
    });
  }

  asio::io_context context_{1};
  asio::signal_set signals_;
  asio::steady_timer lastResort_;
  std::thread thread_;
};

class Program {
 public:
  Program(Ref ref, const MainOptions& options)
      : ref_(std::move(ref)),
        options_(options),
        context_(static_cast<int>(std::max<std::size_t>(options.threads, 1))),
        strand_(context_.get_executor()) {}

  int run() {
    {
      const SignalWatch watch(options_, [this] { stop(nullptr); });
      launch();
      std::vector<std::thread> crew;
      for (std::size_t i = 1; i < options_.threads; ++i) crew.emplace_back([this] { work(); });
      work();
      for (std::thread& thread : crew) thread.join();
    }
    return report();
  }

 private:
  void launch() {
    LaunchOptions options;
    options.shutdownDeadline = options_.shutdownDeadline;
    auto ended = [this](const std::exception_ptr& error) {
      end_ = error;
      context_.stop();
    };
    // Cancelled on the strand; functions of layers see the io_context, whose threads they share.
    asio::co_spawn(strand_, launchServices(ref_, options, context_.get_executor()),
                   asio::bind_cancellation_slot(stop_.slot(), std::move(ended)));
  }

  // From any thread; `error`: of a handler, null: by a signal.
  void stop(const std::exception_ptr& error) {
    asio::post(strand_, [this, error] {
      stopped_ = true;
      if (!strayed_) strayed_ = error;
      if (!end_) stop_.emit(asio::cancellation_type::terminal);
    });
  }

  void work() {
    for (;;) {
      try {
        context_.run();
        return;
      } catch (...) {
        stop(std::current_exception());
      }
    }
  }

  int report() {
    std::vector<std::string> failures = failuresOf(end_, stopped_);
    if (strayed_) failures.insert(failures.begin(), textOf(strayed_));
    if (failures.empty()) return EXIT_SUCCESS;
    std::string message = programName(options_);
    for (const std::string& failure : failures)
      message += (&failure == &failures.front() ? ": " : "; ") + failure;
    // One line, whatever the errors say.
    std::replace_if(message.begin(), message.end(), [](unsigned char c) { return c < 0x20; }, ' ');
    if (options_.report) {
      options_.report(message);
    } else {
      std::fprintf(stderr, "%s\n", message.c_str());
    }
    return EXIT_FAILURE;
  }

  const Ref ref_;
  const MainOptions& options_;
  asio::cancellation_signal stop_;  // outlives what the context destroys
  asio::io_context context_;
  const asio::strand<asio::io_context::executor_type> strand_;
  // On the strand, until all threads have ended.
  std::exception_ptr end_;      // of the launch; it always ends with one
  std::exception_ptr strayed_;  // the first out of a handler
  bool stopped_ = false;
};

}  // namespace

int runMainServices(const Ref& ref, const MainOptions& options) {
  return Program(ref, options).run();
}

}  // namespace persistance::layer::detail
