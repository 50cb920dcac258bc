// An execution context is destroyed at any step of a build, a run or a release: what depends on
// a service is destroyed before it.
#include "layers.hpp"

namespace {

int alive = 0;
std::string fault;

class Base {
 public:
  Base() { ++alive; }
  Base(const Base&) = delete;
  Base& operator=(const Base&) = delete;
  ~Base() {
    used_ = -1;
    --alive;
  }
  void use() const {
    if (used_ != 0) fault = "used when it was destroyed";
  }

 private:
  int used_ = 0;
};

/// Uses what it depends on to the last.
class User {
 public:
  explicit User(const Base& base) : base_(base) { ++alive; }
  User(const User&) = delete;
  User& operator=(const User&) = delete;
  ~User() {
    base_.use();
    --alive;
  }

 private:
  const Base& base_;
};

struct Variant {
  bool baseTask, baseFinalizer, userTask, userFinalizer;
  explicit Variant(int bits)
      : baseTask((bits & 1) != 0),
        baseFinalizer((bits & 2) != 0),
        userTask((bits & 4) != 0),
        userFinalizer((bits & 8) != 0) {}
};

template <class T>
asio::awaitable<void> loop(std::shared_ptr<T> kept) {
  while (kept) co_await sleepFor(1ms);
}

template <class T>
void occupy(layer::Scope& scope, const std::shared_ptr<T>& service, bool task, bool finalizer) {
  if (finalizer) {
    scope.addFinalizer([service]() -> asio::awaitable<void> { co_await sleepFor(0ms); });
  }
  if (task) scope.spawn(loop(service));
}

/// True: the run has ended before the context was destroyed.
bool destroyedAfter(int steps, const Variant& variant) {
  const auto base = layer::scoped([&](layer::Scope& s) -> asio::awaitable<std::shared_ptr<Base>> {
    const auto made = std::make_shared<Base>();
    occupy(s, made, variant.baseTask, variant.baseFinalizer);
    co_await sleepFor(0ms);
    co_return made;
  });
  const auto user =
      layer::scoped([&](Base& on, layer::Scope& s) -> asio::awaitable<std::shared_ptr<User>> {
        const auto made = std::make_shared<User>(on);
        occupy(s, made, variant.userTask, variant.userFinalizer);
        co_await sleepFor(0ms);
        co_return made;
      });
  const auto app = layer::wire<User>(base, user);
  Spawned run;
  asio::io_context context;
  run.start(context,
            layer::run(app, [](User&) -> asio::awaitable<void> { co_await sleepFor(0ms); }));
  for (int i = 0; i < steps && !run.over(); ++i) context.run_one_for(50ms);
  return run.over();
}

// Who keeps the services keeps what they depend on, in whichever order it lets go of them.
void keptBeyondTheContext() {
  const auto base = layer::sync([] { return std::make_shared<Base>(); });
  const auto user = layer::sync([](Base& on) { return std::make_shared<User>(on); });
  const auto app = layer::wire<User>(base, user);
  std::shared_ptr<User> kept;
  {
    asio::io_context context;
    Spawned run;
    run.start(context, layer::run(app, [&](std::shared_ptr<User> given) -> asio::awaitable<void> {
                kept = std::move(given);
                co_await sleepFor(1h);
              }));
    context.run_for(5ms);
  }
  field::expect(alive == 2, "what is kept, and what it depends on");
  kept.reset();
  field::expect(alive == 0 && fault.empty(), "all is destroyed: " + fault);
}

}  // namespace

int main() {
  for (int bits = 0; bits < 16; ++bits) {
    bool ended = false;
    for (int steps = 0; !ended && steps < 200; ++steps) {
      ended = destroyedAfter(steps, Variant(bits));
      const std::string when = std::to_string(bits) + ", step " + std::to_string(steps);
      field::expect(fault.empty(), "variant " + when + ": " + fault);
      field::expect(alive == 0, "variant " + when + ": all is destroyed");
      alive = 0;
    }
  }
  keptBeyondTheContext();
  return field::result();
}
