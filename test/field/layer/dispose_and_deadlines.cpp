// dispose waits for a build that it cancels; deadlines hold while a run, a build or a finalizer is
// deaf to cancellation; a cycle beside a layer that never ends is an error.
#include <optional>

#include "layers.hpp"

struct Db {};
struct Web {};

namespace {

using Clock = std::chrono::steady_clock;

asio::awaitable<void> deafFor(std::chrono::milliseconds duration) {
  co_await asio::this_coro::reset_cancellation_state(asio::disable_cancellation());
  co_await sleepFor(duration);
}

asio::awaitable<void> disposeAfter(layer::ManagedRuntime<Db> runtime,
                                   std::chrono::milliseconds wait,
                                   std::optional<std::chrono::milliseconds> deadline) {
  co_await sleepFor(wait);
  co_await runtime.dispose(deadline);
}

void disposeWhileBuilding() {
  EventLog log;
  asio::io_context context;
  const auto db = layer::scoped([&](layer::Scope& scope) -> asio::awaitable<Db> {
    scope.addFinalizer([&]() -> asio::awaitable<void> {
      co_await sleepFor(20ms);
      log.add("released");
    });
    co_await sleepFor(1h);
    co_return Db();
  });
  const layer::ManagedRuntime runtime(db);
  Spawned run;
  Spawned dispose;
  run.start(context, runtime.run([&](Db&) { log.add("body"); }));
  const auto wait = [&]() -> asio::awaitable<void> {
    co_await disposeAfter(runtime, 30ms, std::nullopt);
    log.add("disposed");
  };
  dispose.start(context, wait());
  context.run();
  field::expect(log.text() == "released disposed", "dispose waits for the build: " + log.text());
  field::expect(run.aborted() && dispose.succeeded(), "and the run is aborted");
}

void disposeWithDeafRun() {
  asio::io_context context;
  const layer::ManagedRuntime runtime(layer::sync([] { return Db(); }));
  Spawned run;
  Spawned dispose;
  run.start(context, runtime.run([](Db&) { return deafFor(1500ms); }));
  const Clock::time_point began = Clock::now();
  Clock::duration took{};
  const auto wait = [&]() -> asio::awaitable<void> {
    std::exception_ptr error;
    try {
      co_await disposeAfter(runtime, 10ms, 30ms);
    } catch (...) {
      error = std::current_exception();
    }
    took = Clock::now() - began;
    if (error) std::rethrow_exception(error);
  };
  dispose.start(context, wait());
  context.run();
  field::expect(dispose.failedWith<layer::ShutdownTimeout>(), "the deadline of dispose holds");
  field::expect(took < 1200ms, "at the deadline");
  field::expect(run.over(), "the run went on");
}

// `stuck` is built, used or released when the cancellation comes, and does not end.
template <class L>
void launchWithDeadline(const L& stuck, std::string_view what) {
  asio::io_context context;
  layer::LaunchOptions options;
  options.shutdownDeadline = 40ms;
  Spawned server;
  server.start(context, layer::launch(stuck, options));
  after(context, 30ms, [&] { server.cancel(); });
  const Clock::time_point began = Clock::now();
  while (!server.over() && Clock::now() - began < 5s) context.run_one_for(10ms);
  field::expect(server.failedWith<layer::ShutdownTimeout>(), what);
  field::expect(Clock::now() - began < 1200ms, "at the deadline");
  context.run();
}

void cycleBesideEndless(bool cycleFirst) {
  using L = layer::Layer<layer::Requires<>, layer::Provides<Db>>;
  std::optional<L> self;
  const auto endless = layer::effect([]() -> asio::awaitable<Web> {
    co_await sleepFor(1h);
    co_return Web();
  });
  const auto needsBoth = layer::sync([](Db&, Web&) { return Db(); });
  const L l = layer::suspend([&]() -> L {
    if (cycleFirst) return layer::provide(needsBoth, *self, endless);
    return layer::provide(needsBoth, endless, *self);
  });
  self.emplace(l);
  asio::io_context context;
  Spawned program;
  program.start(context, layer::run(l, [](Db&) {}));
  context.run_for(5s);
  field::expect(program.failedWith<layer::CycleError>(), "a cycle beside an endless layer");
}

}  // namespace

int main() {
  disposeWhileBuilding();
  disposeWithDeafRun();
  launchWithDeadline(layer::effect([]() -> asio::awaitable<Db> {
                       co_await deafFor(1500ms);
                       co_return Db();
                     }),
                     "a build is deaf");
  const auto slow = layer::scoped([](layer::Scope& scope) {
    scope.addFinalizer([] { return sleepFor(1500ms); });
    return Db();
  });
  launchWithDeadline(slow, "a finalizer is slow");
  const auto web = layer::effect([](Db&) -> asio::awaitable<Web> {
    co_await sleepFor(1h);
    co_return Web();
  });
  launchWithDeadline(layer::provide(web, slow), "cancelled while building, a finalizer is slow");
  cycleBesideEndless(true);
  cycleBesideEndless(false);
  return field::result();
}
