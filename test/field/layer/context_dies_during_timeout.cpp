// An execution context is destroyed at any step of a build with a limit of time: nothing of it
// stays behind.
#include "layers.hpp"

namespace {

int alive = 0;

struct Base {
  Base() { ++alive; }
  Base(const Base&) = delete;
  Base& operator=(const Base&) = delete;
  ~Base() { --alive; }
};
struct Slow {};

}  // namespace

int main() {
  const auto base = layer::sync([] { return std::make_shared<Base>(); });
  const auto slow = layer::effect([](Base&) -> asio::awaitable<std::shared_ptr<Slow>> {
    co_await sleepFor(0ms);
    co_await sleepFor(0ms);
    co_return std::make_shared<Slow>();
  });
  const auto app = layer::wire<Base, Slow>(base, layer::timeout(slow, 2s));
  bool ended = false;
  for (int steps = 0; !ended && steps < 100; ++steps) {
    {
      Spawned run;
      asio::io_context context;
      run.start(context, layer::run(app, [](Base&, Slow&) -> asio::awaitable<void> {
                  co_await sleepFor(0ms);
                }));
      for (int i = 0; i < steps && !run.over(); ++i) context.run_one_for(50ms);
      ended = run.over();
    }
    field::expect(alive == 0, "all is destroyed, step " + std::to_string(steps));
    alive = 0;
  }
  field::expect(ended, "the run ends");
  return field::result();
}
