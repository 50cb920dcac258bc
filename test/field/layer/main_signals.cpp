// runMain in child processes: a SIGTERM raised from a thread ends it with 0 and everything released, a
// second one while it shuts down kills by the signal, deadlines and failures give 1 with one line.
#include <atomic>
#include <fstream>

#include "child_process.hpp"

namespace {
struct Server {
  int x = 0;
};
using ms = std::chrono::milliseconds;

bool exited(int status, int code) { return WIFEXITED(status) && WEXITSTATUS(status) == code; }
bool killed(int status, int signal) { return WIFSIGNALED(status) && WTERMSIG(status) == signal; }
void want(bool right, int status, const std::string& what) {
  field::expect(right, what + ": " + told(status));
}
}  // namespace

int main() {
  // in order, with each number of threads
  for (const std::size_t threads :
       {std::size_t(1), std::size_t(2), std::size_t(8), std::size_t(0)}) {
    for (const int signal : {SIGTERM, SIGINT}) {
      const int status = child([&] {
        std::atomic<bool> released{false};
        auto app = layer::scoped([&](layer::Scope& scope) -> asio::awaitable<Server> {
          scope.addFinalizer([&]() -> asio::awaitable<void> {
            co_await sleepFor(3ms);
            released = true;
          });
          scope.spawn([]() -> asio::awaitable<void> {
            for (;;) co_await sleepFor(1ms);
          }());
          co_return Server{};
        });
        layer::MainOptions options("stranger");
        options.threads = threads;
        raiseAfter(20ms, signal);
        const int code = layer::runMain(app, options);
        field::expect(released, "it is released when runMain returns");
        return code;
      });
      want(exited(status, 0), status, "in order, threads " + std::to_string(threads));
    }
  }
  // raise() by a handler's own thread, while it is being built, and before anything was built
  {
    const int status = child([] {
      auto app = layer::effect([]() -> asio::awaitable<Server> {
        ::raise(SIGTERM);
        co_await sleepFor(10s);
        co_return Server{};
      });
      return layer::runMain(app);
    });
    want(exited(status, 0), status, "raise while building");
  }
  // from a thread that a layer has started
  for (const std::size_t threads : {std::size_t(1), std::size_t(4)}) {
    const int status = child([&] {
      auto app = layer::scoped([](layer::Scope& scope) -> asio::awaitable<Server> {
        auto thread = std::make_shared<std::thread>([] {
          std::this_thread::sleep_for(10ms);
          ::raise(SIGTERM);
        });
        scope.addFinalizer([thread] { thread->join(); });
        co_return Server{};
      });
      layer::MainOptions options;
      options.threads = threads;
      return layer::runMain(app, options);
    });
    want(exited(status, 0), status, "raise from a thread, threads " + std::to_string(threads));
  }
  // second signal while shutting down
  for (const bool busy : {false, true}) {
    const int status = child([busy] {
      auto app = layer::scoped([busy](layer::Scope& scope) -> asio::awaitable<Server> {
        scope.addFinalizer([busy]() -> asio::awaitable<void> {
          if (busy) std::this_thread::sleep_for(10s);
          co_await sleepFor(10s);
        });
        co_return Server{};
      });
      raiseAfter(20ms, SIGTERM);
      raiseAfter(60ms, SIGTERM);
      return layer::runMain(app);
    });
    want(killed(status, SIGTERM), status,
         std::string("second signal") + (busy ? " while busy" : ""));
  }
  // second one of another kind
  {
    const int status = child([] {
      auto app = layer::scoped([](layer::Scope& scope) {
        scope.addFinalizer([]() -> asio::awaitable<void> { co_await sleepFor(10s); });
        return Server{};
      });
      raiseAfter(20ms, SIGTERM);
      raiseAfter(60ms, SIGINT);
      return layer::runMain(app);
    });
    want(killed(status, SIGINT), status, "second signal of another kind");
  }
  // the deadline
  for (const ms deadline : {ms(0), ms(1), ms(30), ms(-1), ms::min()}) {
    std::string line;
    const int status = child([&] {
      auto app = layer::scoped([](layer::Scope& scope) {
        scope.addFinalizer([]() -> asio::awaitable<void> { co_await sleepFor(10s); });
        return Server{};
      });
      layer::MainOptions options("stranger");
      options.shutdownDeadline = deadline;
      int lines = 0;
      options.report = [&](const std::string& l) {
        ++lines;
        std::cout << l << std::endl;
      };
      raiseAfter(10ms, SIGTERM);
      const int code = layer::runMain(app, options);
      field::expect(lines == 1, "one line is reported");
      return code;
    });
    want(exited(status, 1), status, "deadline " + std::to_string(deadline.count()));
  }
  for (const std::optional<ms> deadline : {std::optional<ms>(), std::optional<ms>(ms::max()),
                                           std::optional<ms>(1h * 24 * 365 * 400)}) {
    const int status = child([&] {
      auto app = layer::scoped([](layer::Scope& scope) {
        scope.addFinalizer([]() -> asio::awaitable<void> { co_await sleepFor(30ms); });
        return Server{};
      });
      layer::MainOptions options;
      options.shutdownDeadline = deadline;
      raiseAfter(10ms, SIGTERM);
      return layer::runMain(app, options);
    });
    want(exited(status, 0), status,
         "deadline " + (deadline ? std::to_string(deadline->count()) : "none"));
  }
  // a thread that is blocked when the deadline passes: the process is ended a second later
  for (const std::size_t threads : {std::size_t(1), std::size_t(3)}) {
    const auto begin = std::chrono::steady_clock::now();
    const int status = child([threads] {
      auto app = layer::scoped([](layer::Scope& scope) -> asio::awaitable<Server> {
        scope.addFinalizer([] { std::this_thread::sleep_for(10s); });
        co_return Server{};
      });
      layer::MainOptions options("blocked");
      options.shutdownDeadline = 50ms;
      options.threads = threads;
      raiseAfter(10ms, SIGTERM);
      return layer::runMain(app, options);
    });
    const auto took = std::chrono::steady_clock::now() - begin;
    want(exited(status, 1), status, "blocked, threads " + std::to_string(threads));
    field::expect(took > 900ms && took < 4s, "blocked: about a second");
  }
  // failures
  const auto failing = [](auto app, const std::string& text, const std::string& what,
                          std::size_t threads = 1) {
    const int status = child([&] {
      layer::MainOptions options("stranger");
      options.threads = threads;
      std::string line;
      options.report = [&](const std::string& l) { line += l + "|"; };
      raiseAfter(300ms, SIGTERM);
      const int code = layer::runMain(app, options);
      field::expect(line.find(text) != std::string::npos,
                    what + ": the message says what: " + line);
      field::expect(line.find("Server") != std::string::npos || what == "handler",
                    what + ": and in which layer: " + line);
      field::expect(std::count(line.begin(), line.end(), '\n') == 0, what + ": one line");
      return code;
    });
    want(exited(status, 1), status, what);
  };
  failing(layer::effect([]() -> asio::awaitable<Server> {
            co_await sleepFor(1ms);
            throw std::runtime_error("no port\nat all");
            co_return Server{};
          }),
          "no port", "layer");
  failing(layer::scoped([](layer::Scope& s) {
            s.addFinalizer([] { throw std::runtime_error("no flush"); });
            return Server{};
          }),
          "no flush", "finalizer");
  failing(layer::scoped([](layer::Scope& s) {
            s.spawn([]() -> asio::awaitable<void> {
              co_await sleepFor(5ms);
              throw std::runtime_error("no task");
            }());
            return Server{};
          }),
          "no task", "task", 4);
  failing(layer::scoped([](layer::Scope&) -> asio::awaitable<Server> {
            asio::post(co_await asio::this_coro::executor,
                       [] { throw std::runtime_error("no handler"); });
            co_await sleepFor(2ms);
            co_return Server{};
          }),
          "no handler", "handler");
  failing(layer::effect([]() -> asio::awaitable<Server> {
            co_await sleepFor(1ms);
            throw 42;
            co_return Server{};
          }),
          "", "odd error");
  // no signals: ends by an error only, and SIGTERM kills
  {
    const int status = child([] {
      layer::MainOptions options;
      options.signals.clear();
      raiseAfter(20ms, SIGTERM);
      return layer::runMain(layer::succeed(Server{}), options);
    });
    want(killed(status, SIGTERM), status, "no signals");
  }
  // a signal that cannot be caught, and one that is listed twice
  {
    const int status = child([] {
      layer::MainOptions options;
      options.signals = {SIGKILL};
      try {
        return layer::runMain(layer::succeed(Server{}), options);
      } catch (const std::system_error&) {
        return 55;
      }
    });
    want(exited(status, 55), status, "SIGKILL cannot be caught");
    const int twice = child([] {
      layer::MainOptions options;
      options.signals = {SIGTERM, SIGTERM, SIGUSR1};
      raiseAfter(20ms, SIGUSR1);
      return layer::runMain(layer::succeed(Server{}), options);
    });
    want(exited(twice, 0), twice, "a signal listed twice");
  }
  // one after another in one process; afterwards the signal does what it did before
  {
    const int status = child([] {
      for (int i = 0; i < 3; ++i) {
        raiseAfter(10ms, SIGTERM);
        if (layer::runMain(layer::succeed(Server{})) != 0) return 3;
      }
      ::raise(SIGTERM);
      return 4;
    });
    want(killed(status, SIGTERM), status, "three in a row, then the default action");
  }
  return field::result();
}
