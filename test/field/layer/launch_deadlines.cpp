// launch keeps to every shutdown deadline while it builds, serves and releases, also where a function, a
// task or a finalizer is deaf to cancellation; and it does nothing before it is cancelled.
#include "layers.hpp"

namespace {
using Clock = std::chrono::steady_clock;
using ms = std::chrono::milliseconds;
struct Service {
  static inline int count = 0;
  Service() { ++count; }
  Service(const Service&) { ++count; }
  ~Service() { --count; }
};

asio::awaitable<void> deaf(ms duration) {
  co_await asio::this_coro::reset_cancellation_state(asio::disable_cancellation());
  co_await sleepFor(duration);
}
enum class State { building, deafBuilding, serving, releasing, deafTask, waiting };
const char* const names[] = {"building",  "deafBuilding", "serving",
                             "releasing", "deafTask",     "waiting"};

void once(State state, std::optional<ms> deadline, bool timeout) {
  const std::string what = std::string(names[int(state)]) + " deadline " +
                           (deadline ? std::to_string(deadline->count()) : "none");
  {
    Spawned spawned;
    asio::io_context io;
    auto app = layer::scoped([state](layer::Scope& scope) -> asio::awaitable<Service> {
      if (state == State::building) co_await sleepFor(10s);
      if (state == State::deafBuilding) co_await deaf(30ms);
      if (state == State::releasing)
        scope.addFinalizer([]() -> asio::awaitable<void> { co_await sleepFor(30ms); });
      if (state == State::deafTask) scope.spawn(deaf(30ms));
      co_return Service{};
    });
    layer::LaunchOptions options;
    options.shutdownDeadline = deadline;
    spawned.start(io, layer::launch(app, options));
    Clock::time_point begin{}, end{};
    after(io, 4ms, [&] {
      field::expect(!spawned.over(),
                    what + ": it is not over before it is cancelled " + spawned.text());
      begin = Clock::now();
      spawned.cancel();
    });
    while (!spawned.over() && io.run_one_for(3s) != 0) {
    }
    end = Clock::now();
    const auto took = std::chrono::duration_cast<ms>(end - begin);
    field::expect(spawned.over(), what + ": hangs");
    if (timeout) {
      field::expect(spawned.failedWith<layer::ShutdownTimeout>(),
                    what + ": wanted a ShutdownTimeout, got " + spawned.text());
      field::expect(took < 24ms, what + ": in time");
    } else {
      field::expect(spawned.aborted(), what + ": wanted operation_aborted, got " + spawned.text());
      if (state == State::releasing || state == State::deafBuilding || state == State::deafTask)
        field::expect(took > 20ms, what + ": it waited for the end");
      field::expect(Service::count == 0, what + ": released when it ends");
    }
  }
  field::expect(Service::count == 0, what + ": left");
  Service::count = 0;
}
}  // namespace

int main() {
  for (int s = 0; s <= int(State::waiting); ++s) {
    once(State(s), std::nullopt, false);
    once(State(s), ms::max(), false);
    once(State(s), 1h * 24 * 365 * 400, false);
  }
  for (State s : {State::deafBuilding, State::releasing, State::deafTask}) {
    once(s, ms(0), true);
    once(s, ms(1), true);
    once(s, ms(-1), true);
    once(s, ms::min(), true);
  }
  once(State::waiting, ms(100), false);
  once(State::building, ms(100), false);
  once(State::serving, ms(100), false);
  return field::result();
}
