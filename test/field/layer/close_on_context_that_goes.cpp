// A close, a dispose, a launch or a run that began on an io_context which is destroyed half-way does not hold up
// those who wait for the same end on another io_context, or who ask later.
#include "layers.hpp"

namespace {
struct Users {};
bool releasing = false;
auto slow() {
  return layer::scoped([](layer::Scope& scope) -> asio::awaitable<Users> {
    scope.addFinalizer([] {});
    scope.addFinalizer([]() -> asio::awaitable<void> {
      releasing = true;
      co_await sleepFor(20ms);
    });
    co_return Users{};
  });
}
void until(asio::io_context& io, const bool& flag) {
  for (int i = 0; i < 200 && !flag; ++i) {
    io.restart();
    io.run_one_for(10ms);
  }
}
void untilOver(asio::io_context& io, const Spawned& s) {
  for (int i = 0; i < 60 && !s.over(); ++i) {
    io.restart();
    io.run_one_for(10ms);
  }
}

template <class End>
void two(const std::string& what, bool waits, asio::io_context& home,
         std::unique_ptr<asio::io_context>& gone, End end) {
  Spawned first, second;
  releasing = false;
  first.start(*gone, end());
  until(*gone, releasing);
  field::expect(releasing, what + ": releasing");
  if (waits) {
    second.start(home, end());
    home.restart();
    home.poll();
  }
  gone.reset();
  if (!waits) second.start(home, end());
  untilOver(home, second);
  field::expect(second.over(), what + (waits ? " (waits)" : " (comes later)") + ": hangs");
  if (!second.over()) {
    home.restart();
  }
}
}  // namespace

int main() {
  for (const bool waits : {true, false}) {
    {
      asio::io_context home;
      auto gone = std::make_unique<asio::io_context>();
      layer::Scope scope;
      scope.addFinalizer([]() -> asio::awaitable<void> {
        releasing = true;
        co_await sleepFor(20ms);
      });
      bool last = false;
      two("Scope::close", waits, home, gone,
          [&]() -> asio::awaitable<void> { return scope.close(); });
      (void)last;
    }
    {
      // built at home, closed on the one that goes; the finalizers run at home
      Spawned build, first, second;
      asio::io_context home;
      auto gone = std::make_unique<asio::io_context>();
      layer::Scope scope;
      build.start(home, [](auto a, auto s) -> asio::awaitable<void> {
        (void)co_await layer::build(a, s);
      }(slow(), scope));
      home.run();
      releasing = false;
      first.start(*gone, scope.close());
      for (int i = 0; i < 100 && !releasing; ++i) {
        gone->restart();
        gone->run_one_for(5ms);
        home.restart();
        home.poll();
      }
      field::expect(releasing, "close of a build: releasing");
      if (waits) {
        second.start(home, scope.close());
        home.restart();
        home.poll();
      }
      gone.reset();
      if (!waits) second.start(home, scope.close());
      untilOver(home, second);
      field::expect(second.over(), std::string("close of a build") +
                                       (waits ? " (waits)" : " (later)") + ": hangs");
    }
    for (const bool builtAtHome : {true, false}) {
      Spawned build;
      asio::io_context home;
      auto gone = std::make_unique<asio::io_context>();
      layer::ManagedRuntime runtime(slow());
      build.start(builtAtHome ? home : *gone, runtime.run([](Users&) {}));
      (builtAtHome ? home : *gone).run();
      gone->restart();
      Spawned helper;
      // whoever releases: both run
      Spawned first, second;
      releasing = false;
      first.start(*gone, runtime.dispose());
      for (int i = 0; i < 100 && !releasing; ++i) {
        gone->restart();
        gone->run_one_for(5ms);
        home.restart();
        home.poll();
      }
      const std::string what =
          std::string("dispose, built ") + (builtAtHome ? "at home" : "on the one that goes");
      field::expect(releasing, what + ": releasing");
      if (waits) {
        second.start(home, runtime.dispose());
        home.restart();
        home.poll();
      }
      gone.reset();
      if (!waits) second.start(home, runtime.dispose());
      untilOver(home, second);
      field::expect(second.over(), what + (waits ? " (waits)" : " (later)") + ": hangs");
      // with a deadline it says so, at least
      Spawned third;
      third.start(home, runtime.dispose(50ms));
      untilOver(home, third);
      field::expect(third.over(), what + ": hangs with a deadline");
      if (second.over())
        field::expect(third.over() && third.succeeded(), what + ": a third: " + third.text());
    }
    {
      // a key of a LayerMap: somebody waits for the end of its release
      Spawned root, user, other, end;
      asio::io_context home;
      auto gone = std::make_unique<asio::io_context>();
      std::optional<layer::LayerMap<int, Users>> map;
      layer::ManagedRuntime runtime(layer::layerMap([](const int&) { return slow(); }, {0ms}));
      root.start(home, runtime.run([&](layer::LayerMap<int, Users>& m) { map = m; }));
      home.run();
      releasing = false;
      user.start(*gone, map->run(1, [](Users&) {}));
      until(*gone, releasing);
      if (waits) {
        other.start(home, map->run(1, [](Users&) {}));
        home.restart();
        home.poll();
      }
      gone.reset();
      if (!waits) other.start(home, map->run(1, [](Users&) {}));
      untilOver(home, other);
      field::expect(other.over() && other.succeeded(), std::string("LayerMap ") +
                                                           (waits ? "(waits)" : "(later)") + ": " +
                                                           (other.over() ? other.text() : "hangs"));
      end.start(home, runtime.dispose());
      untilOver(home, end);
      field::expect(end.over(), "LayerMap: dispose hangs");
    }
    {
      // preload and invalidate on the one that goes
      for (const bool invalidate : {false, true}) {
        Spawned root, user, other, end;
        asio::io_context home;
        auto gone = std::make_unique<asio::io_context>();
        std::optional<layer::LayerMap<int, Users>> map;
        layer::ManagedRuntime runtime(layer::layerMap([](const int&) { return slow(); }, {1h}));
        root.start(home, runtime.run([&](layer::LayerMap<int, Users>& m) { map = m; }));
        home.run();
        releasing = false;
        user.start(*gone, map->preload(1));
        gone->run_for(20ms);
        Spawned drop;
        if (invalidate) {
          gone->restart();
          drop.start(*gone, map->invalidate(1));
          until(*gone, releasing);
          if (waits) {
            other.start(home, map->run(1, [](Users&) {}));
            home.restart();
            home.poll();
          }
        }
        gone.reset();
        if (!waits || !invalidate) other.start(home, map->run(1, [](Users&) {}));
        untilOver(home, other);
        const std::string what =
            std::string(invalidate ? "invalidate" : "preload") + (waits ? " (waits)" : " (later)");
        field::expect(other.over() && other.succeeded(),
                      what + ": " + (other.over() ? other.text() : "hangs"));
        end.start(home, runtime.dispose());
        untilOver(home, end);
        field::expect(end.over(), what + ": dispose hangs");
      }
    }
  }
  return field::result();
}
