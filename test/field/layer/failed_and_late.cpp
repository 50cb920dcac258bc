// A program whose task fails and whose release then takes longer than its deadline says why it ended: runMain's message
// has the task's error, and launch's deadline, which counts from a cancellation, does not take its place.
#include <sys/wait.h>

#include "layers.hpp"

namespace {
struct Server {};
auto app() {
  return layer::scoped([](layer::Scope& scope) -> asio::awaitable<Server> {
    scope.addFinalizer([]() -> asio::awaitable<void> { co_await sleepFor(60ms); });
    scope.spawn([]() -> asio::awaitable<void> {
      co_await sleepFor(2ms);
      throw std::runtime_error("lost the lease");
    }());
    co_return Server{};
  });
}
}  // namespace

int main() {
  const pid_t pid = ::fork();
  if (pid == 0) {
    ::alarm(5);
    layer::MainOptions options("m");
    options.shutdownDeadline = 10ms;
    std::string lines;
    options.report = [&](const std::string& line) { lines += line + "\n"; };
    const int code = layer::runMain(app(), options);
    ::_exit(lines.find("lost the lease") != std::string::npos ? code : 9);
  }
  int status = 0;
  ::waitpid(pid, &status, 0);
  field::expect(WIFEXITED(status) && WEXITSTATUS(status) == 1,
                "runMain: 1, and the message says what: " + std::to_string(WEXITSTATUS(status)));
  {
    Spawned s;
    asio::io_context io;
    s.start(io, layer::launch(app(), {10ms}));
    io.run_for(2s);
    field::expect(s.text() == "lost the lease", "launch: the task's error: " + s.text());
  }
  {
    // a build that fails, likewise
    Spawned s;
    asio::io_context io;
    auto failing = layer::scoped([](layer::Scope& scope) -> asio::awaitable<Server> {
      scope.addFinalizer([]() -> asio::awaitable<void> { co_await sleepFor(60ms); });
      co_await sleepFor(1ms);
      throw std::runtime_error("no port");
      co_return Server{};
    });
    s.start(io, layer::launch(failing, {10ms}));
    io.run_for(2s);
    field::expect(s.text() == "no port", "launch: the build's error: " + s.text());
  }
  return field::result();
}
