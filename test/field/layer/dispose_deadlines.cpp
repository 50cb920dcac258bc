// ManagedRuntime::dispose keeps to every deadline (zero, tiny, huge, none) in every state: never used,
// building, running, releasing, and with a function, a body, a task or a finalizer deaf to cancellation.
#include "layers.hpp"

namespace {
using Clock = std::chrono::steady_clock;
struct Service {
  ~Service() { --count; }
  Service() { ++count; }
  Service(const Service&) { ++count; }
  static inline int count = 0;
};

asio::awaitable<void> deaf(std::chrono::milliseconds duration) {
  co_await asio::this_coro::reset_cancellation_state(asio::disable_cancellation());
  co_await asio::this_coro::throw_if_cancelled(false);
  co_await sleepFor(duration);
}

enum class State {
  unused,
  building,
  deafBuilding,
  running,
  deafRunning,
  releasing,
  deafTask,
  idle
};
const char* const names[] = {"unused",      "building",  "deafBuilding", "running",
                             "deafRunning", "releasing", "deafTask",     "idle"};

asio::awaitable<void> ended(layer::ManagedRuntime<Service> runtime,
                            std::optional<std::chrono::milliseconds> deadline, std::string* how,
                            std::chrono::milliseconds* took) {
  const auto begin = Clock::now();
  try {
    co_await runtime.dispose(deadline);
    *how = "ok";
  } catch (const layer::ShutdownTimeout&) {
    *how = "timeout";
  } catch (const std::exception& e) {
    *how = e.what();
  }
  *took = std::chrono::duration_cast<std::chrono::milliseconds>(Clock::now() - begin);
}

void once(State state, std::optional<std::chrono::milliseconds> deadline,
          const std::string& wanted) {
  const std::string what = std::string(names[int(state)]) + " deadline " +
                           (deadline ? std::to_string(deadline->count()) : "none");
  {
    Spawned body;
    std::string how = "hang", second = "hang";
    std::chrono::milliseconds took{}, took2{};
    asio::io_context io;
    auto app = layer::scoped([state](layer::Scope& scope) -> asio::awaitable<Service> {
      if (state == State::building) co_await sleepFor(10s);
      if (state == State::deafBuilding) co_await deaf(30ms);
      if (state == State::releasing)
        scope.addFinalizer([]() -> asio::awaitable<void> { co_await sleepFor(30ms); });
      if (state == State::deafTask) scope.spawn(deaf(30ms));
      co_return Service{};
    });
    layer::ManagedRuntime runtime(app);
    if (state != State::unused) {
      body.start(io, runtime.run([state](Service&) -> asio::awaitable<void> {
        if (state == State::running) co_await sleepFor(10s);
        if (state == State::deafRunning) co_await deaf(30ms);
      }));
    }
    after(io, 3ms,
          [&] { asio::co_spawn(io, ended(runtime, deadline, &how, &took), asio::detached); });
    after(io, 12ms, [&] {
      asio::co_spawn(io, ended(runtime, std::nullopt, &second, &took2), asio::detached);
    });
    io.run_for(3s);
    field::expect(how == wanted, what + ": first dispose " + how + ", wanted " + wanted + " (" +
                                     std::to_string(took.count()) + "ms)");
    field::expect(second != "hang", what + ": the second dispose hangs");
    if (wanted == "ok") field::expect(second == "ok", what + ": second dispose " + second);
    if (wanted == "timeout")
      field::expect(took < 25ms, what + ": it took " + std::to_string(took.count()));
  }
  field::expect(Service::count == 0, what + ": a service is left");
  Service::count = 0;
}
}  // namespace

int main() {
  using ms = std::chrono::milliseconds;
  for (const State state : {State::unused, State::idle}) {
    for (const auto deadline :
         {std::optional<ms>(), std::optional<ms>(ms(1)), std::optional<ms>(ms::max()),
          std::optional<ms>(1h * 24 * 365 * 400)})
      once(state, deadline, "ok");
  }
  for (const State state : {State::building, State::running, State::deafBuilding,
                            State::deafRunning, State::releasing, State::deafTask}) {
    for (const auto deadline : {std::optional<ms>(), std::optional<ms>(ms::max()),
                                std::optional<ms>(1h * 24 * 365 * 400)})
      once(state, deadline, "ok");
  }
  for (const State state :
       {State::deafBuilding, State::deafRunning, State::releasing, State::deafTask}) {
    for (const auto deadline : {std::optional<ms>(ms(0)), std::optional<ms>(ms(1)),
                                std::optional<ms>(ms(-5)), std::optional<ms>(ms::min())})
      once(state, deadline, "timeout");
  }
  return field::result();
}
