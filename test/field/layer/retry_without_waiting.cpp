// A layer whose function fails without suspending is retried after its pause, also when cancelled.
#include "layers.hpp"

struct Db {};

int main() {
  using Clock = std::chrono::steady_clock;
  std::vector<Clock::time_point> tries;
  const auto refused = layer::sync([&]() -> std::shared_ptr<Db> {
    tries.push_back(Clock::now());
    throw std::runtime_error("connection refused");
  });
  {
    asio::io_context context;
    Spawned program;
    const auto l = layer::retry(refused, layer::Schedule::spaced(40ms).times(6));
    program.start(context, layer::run(l, [](Db&) {}));
    context.run();
    field::expect(program.text() == "connection refused", "the last error comes");
    field::expect(tries.size() == 7, "seven tries");
    for (std::size_t i = 1; i < tries.size(); ++i)
      field::expect(tries[i] - tries[i - 1] >= 39ms, "a pause before each");
  }
  {
    tries.clear();
    asio::io_context context;
    Spawned program;
    const auto l = layer::retry(refused, layer::Schedule::exponential(10ms, 4).times(20));
    program.start(context, layer::run(l, [](Db&) {}));
    after(context, 100ms, [&] { program.cancel(); });
    context.run();
    field::expect(program.aborted(), "cancelled in a pause");
    field::expect(tries.size() < 6, "no try after that");
  }
  {
    tries.clear();
    asio::io_context context;
    Spawned program;
    const auto coroutine = layer::effect([&]() -> asio::awaitable<Db> {
      tries.push_back(Clock::now());
      if (tries.size() < 7) throw std::runtime_error("no");
      co_return Db();
    });
    const auto l =
        layer::retry(layer::orElse(coroutine, coroutine), layer::Schedule::spaced(20ms).times(9));
    program.start(context, layer::run(l, [](Db&) {}));
    context.run();
    field::expect(program.succeeded(), "a coroutine that does not wait is retried until it works");
  }
  return field::result();
}
