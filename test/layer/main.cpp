// A layer as a whole program.
#include <sys/wait.h>
#include <unistd.h>

#include <doctest/doctest.h>
#include <csignal>
#include <persistance/layer/main.hpp>
#include <set>
#include <thread>

#include "layers.hpp"

using namespace persistance;
using namespace persistance::test;
using namespace std::chrono_literals;

namespace {

// A signal of our own, so that the test program's own stay what they are.
layer::MainOptions quietly(std::string& message) {
  layer::MainOptions options("server");
  options.signals = {SIGUSR1};
  options.report = [&message](const std::string& text) { message = text; };
  return options;
}

// Sends the signal as soon as the layer is built.
auto signalling(EventLog& log) {
  return layer::scoped([&log](layer::Scope& scope) {
    log.add("acquire");
    scope.addFinalizer([&log]() -> asio::awaitable<void> {
      co_await yield();
      log.add("release");
    });
    ::kill(::getpid(), SIGUSR1);
    return Service<1>();
  });
}

}  // namespace

TEST_SUITE("layer main") {
  TEST_CASE("a signal releases the layer, and the exit code is 0") {
    for (const std::size_t threads : {std::size_t{1}, std::size_t{4}}) {
      EventLog log;
      std::string message;
      layer::MainOptions options = quietly(message);
      options.threads = threads;
      CHECK(layer::runMain(signalling(log), options) == 0);
      CHECK(log.text() == "acquire release");
      CHECK(message.empty());
    }
  }

  TEST_CASE("a failure is told with the name of its layer") {
    EventLog log;
    std::string message;
    CHECK(layer::runMain(failing<1>(log, "no disk"), quietly(message)) == 1);
    CHECK(log.text() == "acquire1 release1");
    CHECK(message.starts_with("server: "));
    CHECK(message.find("Service<1>") != std::string::npos);
    CHECK(message.ends_with("no disk"));
  }

  TEST_CASE("an operation_aborted that no signal caused is a failure") {
    std::string message;
    const auto aborted = layer::effectDiscard([] {
      throw std::system_error(asio::error::make_error_code(asio::error::operation_aborted));
    });
    CHECK(layer::runMain(aborted, quietly(message)) == 1);
    CHECK(!message.empty());
  }

  TEST_CASE("a handler that throws ends the program in order") {
    EventLog log;
    std::string message;
    const auto throwing = layer::scoped([&log](layer::Scope& scope) -> asio::awaitable<Service<1>> {
      scope.addFinalizer([&log] { log.add("release"); });
      asio::post(co_await asio::this_coro::executor, [] { throw Failed("stray"); });
      co_return Service<1>();
    });
    CHECK(layer::runMain(throwing, quietly(message)) == 1);
    CHECK(log.text() == "release");
    CHECK(message == "server: stray");
  }

  TEST_CASE("a finalizer that fails after a signal is a failure, and is told") {
    std::string message;
    const auto broken = layer::scoped([](layer::Scope& scope) {
      scope.addFinalizer([] { throw Failed("not flushed"); });
      ::kill(::getpid(), SIGUSR1);
      return Service<1>();
    });
    CHECK(layer::runMain(broken, quietly(message)) == 1);
    CHECK(message.starts_with("server: "));
    CHECK(message.find("Service<1>") != std::string::npos);
    CHECK(message.ends_with("not flushed"));
  }

  TEST_CASE("the message names the failure, and the finalizers that failed after it") {
    EventLog log;
    std::string message;
    const auto first = layer::scoped([](layer::Scope& scope) {
      scope.addFinalizer([] { throw Failed("not flushed"); });
      return Service<2>();
    });
    const auto both = layer::provide(failing<1>(log, "no disk"), first);
    CHECK(layer::runMain(both, quietly(message)) == 1);
    CHECK(message.find("no disk") != std::string::npos);
    CHECK(message.find("not flushed") != std::string::npos);
  }

  TEST_CASE("a deadline beyond all time is none") {
    EventLog log;
    std::string message;
    layer::MainOptions options = quietly(message);
    options.shutdownDeadline = std::chrono::milliseconds::max();
    CHECK(layer::runMain(signalling(log), options) == 0);
    CHECK(log.text() == "acquire release");
    CHECK(message.empty());
  }

  TEST_CASE("an end that takes too long is a failure") {
    std::string message;
    layer::MainOptions options = quietly(message);
    options.shutdownDeadline = 20ms;
    const auto deaf = layer::scoped([](layer::Scope& scope) {
      scope.addFinalizer([]() -> asio::awaitable<void> {
        asio::steady_timer timer(co_await asio::this_coro::executor, 1h);
        co_await timer.async_wait(asio::use_awaitable);
      });
      ::kill(::getpid(), SIGUSR1);
      return Service<1>();
    });
    CHECK(layer::runMain(deaf, options) == 1);
    CHECK(message.find("deadline") != std::string::npos);
  }

  TEST_CASE("what layers start runs on all threads") {
    EventLog log;
    std::string message;
    std::mutex mutex;
    std::set<std::thread::id> seen;
    layer::MainOptions options = quietly(message);
    options.threads = 2;
    // Each waits for the other: with one thread they would wait for ever.
    const auto both = layer::effectDiscard([&]() -> asio::awaitable<void> {
      const auto executor = co_await asio::this_coro::executor;
      const auto arrived = std::make_shared<std::atomic<int>>(0);
      for (int i = 0; i < 2; ++i) {
        asio::post(executor, [&, arrived] {
          ++*arrived;
          while (*arrived < 2) std::this_thread::yield();
          const std::lock_guard lock(mutex);
          seen.insert(std::this_thread::get_id());
          if (seen.size() == 2) ::kill(::getpid(), SIGUSR1);
        });
      }
    });
    CHECK(layer::runMain(both, options) == 0);
    CHECK(message.empty());
    CHECK(seen.size() == 2);
  }

  TEST_CASE("a second signal ends the process at once") {
    const pid_t child = ::fork();
    REQUIRE(child >= 0);
    if (child == 0) {
      std::string message;
      layer::MainOptions options = quietly(message);
      options.shutdownDeadline = 1h;
      const auto deaf = layer::effectDiscard([] {
        ::kill(::getpid(), SIGUSR1);
        std::this_thread::sleep_for(300ms);  // the only thread of the program is busy
        ::kill(::getpid(), SIGUSR1);
        std::this_thread::sleep_for(1h);
      });
      ::_exit(layer::runMain(deaf, options));
    }
    int status = 0;
    ::waitpid(child, &status, 0);
    CHECK(WIFSIGNALED(status));
    CHECK(WTERMSIG(status) == SIGUSR1);
  }
}
