// A background task that fails ends every run, launch and runtime that holds its layer, with its error and after all is
// released: while others build, through a shared map, of a key of a LayerMap, in a run's own scope, during a release.
#include "layers.hpp"

namespace {
struct Boom : std::runtime_error {
  using runtime_error::runtime_error;
};
struct Queue {};
struct Server {};
struct Conn {};
asio::awaitable<void> fails(std::chrono::milliseconds d) {
  co_await sleepFor(d);
  throw Boom("boom");
}
asio::awaitable<void> wait(std::chrono::milliseconds d) { co_await sleepFor(d); }

auto queue(EventLog& log, std::chrono::milliseconds d) {
  return layer::scoped([&log, d](layer::Scope& scope) -> asio::awaitable<Queue> {
    scope.addFinalizer([&log](const layer::Exit& exit) -> asio::awaitable<void> {
      co_await sleepFor(1ms);
      log.add(exit.succeeded() ? "-queue" : "-queue!");
    });
    scope.spawn(fails(d));
    co_return Queue{};
  });
}
void boom(const Spawned& s, const std::string& what) {
  field::expect(s.failedWith<Boom>() && s.text() == "boom",
                what + ": " + (s.over() ? "ends with '" + s.text() + "'" : "hangs"));
}
}  // namespace

int main() {
  EventLog log;
  {
    Spawned run, launch, building, deaf;
    asio::io_context io;
    run.start(io, layer::run(queue(log, 3ms), [](Queue&) { return wait(1h); }));
    launch.start(io, layer::launch(queue(log, 3ms), {1s}));
    building.start(
        io, layer::launch(layer::provide(layer::effect([](Queue&) -> asio::awaitable<Server> {
                                           co_await sleepFor(1h);
                                           co_return Server{};
                                         }),
                                         queue(log, 3ms))));
    deaf.start(io, layer::run(queue(log, 3ms), [](Queue&) -> asio::awaitable<void> {
                 co_await asio::this_coro::reset_cancellation_state(asio::disable_cancellation());
                 co_await sleepFor(20ms);
               }));
    io.run_for(3s);
    boom(run, "run"), boom(launch, "launch"), boom(building, "while another is built"),
        boom(deaf, "a body that is deaf");
    field::expect(log.events().size() == 4, "all are released " + log.text());
    log.clear();
  }
  {
    // at once: the task fails without a wait; also before the layer's function ends
    Spawned s, t;
    asio::io_context io;
    auto app = layer::scoped([](layer::Scope& scope) -> asio::awaitable<Queue> {
      scope.spawn([]() -> asio::awaitable<void> {
        throw Boom("boom");
        co_return;
      }());
      co_return Queue{};
    });
    s.start(io, layer::launch(app));
    auto slow = layer::scoped([](layer::Scope& scope) -> asio::awaitable<Queue> {
      scope.spawn(fails(1ms));
      co_await sleepFor(1h);
      co_return Queue{};
    });
    t.start(io, layer::launch(slow));
    io.run_for(2s);
    boom(s, "at once"), boom(t, "while its own function runs");
  }
  {
    // a shared layer: every run that holds it; one that does not, goes on
    Spawned a, b, c;
    asio::io_context io, other;
    const layer::MemoMap map;
    auto q = queue(log, 8ms);
    a.start(io, layer::run(q, [](Queue&) { return wait(1h); }, map));
    io.poll();
    b.start(other,
            layer::run(
                layer::merge(q, layer::succeed(Server{})), [](Server&) { return wait(1h); }, map));
    c.start(io, layer::run(layer::succeed(Server{}), [](Server&) { return wait(30ms); }, map));
    for (int i = 0; i < 200 && !(a.over() && b.over() && c.over()); ++i) {
      io.restart();
      io.run_one_for(5ms);
      other.restart();
      other.poll();
    }
    boom(a, "shared, the first"), boom(b, "shared, the second");
    field::expect(c.succeeded(), "the one that does not hold it goes on");
    field::expect(log.text() == "-queue!" || log.text() == "-queue",
                  "shared: released once: " + log.text());
    log.clear();
  }
  {
    // a run's own scope
    Spawned s;
    asio::io_context io;
    s.start(io, layer::run(layer::succeed(Server{}),
                           [](Server&, layer::Scope& scope) -> asio::awaitable<void> {
                             scope.spawn(fails(2ms));
                             co_await sleepFor(1h);
                           }));
    io.run_for(2s);
    boom(s, "a run's own scope");
  }
  {
    // a key of a LayerMap
    Spawned s;
    std::string inner = "?", again = "?";
    asio::io_context io;
    auto first = std::make_shared<bool>(true);
    auto keys = layer::layerMap(
        [first](const int&) {
          return layer::scoped([first](layer::Scope& scope) -> asio::awaitable<Conn> {
            if (std::exchange(*first, false)) scope.spawn(fails(3ms));
            co_return Conn{};
          });
        },
        {1h});
    s.start(io, layer::run(keys, [&](layer::LayerMap<int, Conn>& map) -> asio::awaitable<void> {
              try {
                co_await map.run(1, [](Conn&) { return wait(300ms); });
                inner = "fine";
              } catch (const std::exception& e) {
                inner = e.what();
              }
              try {
                co_await map.run(1, [](Conn&) { return wait(1ms); });
                again = "fine";
              } catch (const std::exception& e) {
                again = e.what();
              }
            }));
    io.run_for(3s);
    std::cout << "LayerMap: the key's user: " << inner << "; the next: " << again
              << "; the map's run: " << (s.over() ? s.text() : "hangs") << '\n';
    field::expect(s.over(), "LayerMap: over");
    field::expect(inner == "boom" || s.failedWith<Boom>(), "LayerMap: somebody hears of it");
  }
  {
    // an idle key of a LayerMap: nobody uses it when its task fails
    Spawned s;
    std::string next = "?";
    asio::io_context io;
    auto first = std::make_shared<bool>(true);
    auto keys = layer::layerMap(
        [first](const int&) {
          return layer::scoped([first](layer::Scope& scope) -> asio::awaitable<Conn> {
            if (std::exchange(*first, false)) scope.spawn(fails(5ms));
            co_return Conn{};
          });
        },
        {1h});
    s.start(io, layer::run(keys, [&](layer::LayerMap<int, Conn>& map) -> asio::awaitable<void> {
              co_await map.preload(1);
              co_await sleepFor(20ms);
              try {
                co_await map.run(1, [](Conn&) { return wait(1ms); });
                next = "fine";
              } catch (const std::exception& e) {
                next = e.what();
              }
              std::string later = "fine";
              try {
                co_await map.run(1, [](Conn&) { return wait(1ms); });
              } catch (const std::exception& e) {
                later = e.what();
              }
              next += ", " + later;
            }));
    io.run_for(3s);
    std::cout << "LayerMap, idle: the next user: " << next
              << "; the map's run: " << (s.over() ? s.text() : "hangs") << '\n';
    field::expect(s.over(), "LayerMap, idle: over");
    field::expect(
        next.find("boom") != std::string::npos || s.failedWith<Boom>() || next == "fine, fine",
        "LayerMap, idle: " + next);
  }
  {
    // build into a scope of one's own: no run holds it
    Spawned s;
    std::string how;
    asio::io_context io;
    s.start(io, [](auto q, std::string* h) -> asio::awaitable<void> {
      layer::Scope scope;
      auto context = co_await layer::build(q, scope);
      co_await sleepFor(10ms);
      try {
        co_await scope.close();
        *h = "closed";
      } catch (const std::exception& e) {
        *h = e.what();
      }
    }(queue(log, 2ms), &how));
    io.run_for(2s);
    field::expect(s.succeeded(), "build: " + s.text());
    log.clear();
  }
  {
    // a task that fails because it is cancelled is no failure; one that fails otherwise while it is cancelled, is?
    Spawned s;
    asio::io_context io;
    auto app = layer::scoped([](layer::Scope& scope) -> asio::awaitable<Queue> {
      scope.spawn([]() -> asio::awaitable<void> {
        try {
          co_await sleepFor(1h);
        } catch (const std::system_error&) {
        }
        throw Boom("late");
      }());
      co_return Queue{};
    });
    s.start(io, layer::run(app, [](Queue&) {}));
    io.run_for(2s);
    field::expect(s.over(), "late: over");
  }
  {
    // a runtime: the error, then and in every later call; disposed of in order
    Spawned a, b, c;
    asio::io_context io;
    layer::ManagedRuntime runtime(queue(log, 3ms));
    a.start(io, runtime.run([](Queue&) { return wait(1h); }));
    io.run_for(50ms);
    boom(a, "runtime");
    io.restart();
    b.start(io, runtime.run([](Queue&) { return wait(1ms); }));
    io.run_for(50ms);
    boom(b, "runtime, later");
    io.restart();
    c.start(io, runtime.dispose());
    io.run_for(1s);
    field::expect(c.succeeded(), "runtime, dispose: " + c.text());
    field::expect(log.events().size() == 1, "runtime: released " + log.text());
  }
  return field::result();
}
