// A run inside a run, a build inside a layer's function, a runtime inside a service: a shared map shares,
// a cycle through them is a CycleError, and inner scopes close before outer ones on every way out.
#include "layers.hpp"
#include "support/run.hpp"

namespace {
using persistance::test::run;
struct Config {
  int n;
};
struct Database {
  int n;
};
struct Users {
  int n;
};

template <class S>
auto logged(EventLog& log, std::string name, int n) {
  return layer::scoped([&log, name, n](layer::Scope& scope) -> asio::awaitable<S> {
    co_await sleepFor(0ms);
    log.add("+" + name);
    scope.addFinalizer([&log, name]() -> asio::awaitable<void> {
      co_await sleepFor(0ms);
      log.add("-" + name);
    });
    co_return S{n};
  });
}
}  // namespace

int main() {
  EventLog log;
  auto config = logged<Config>(log, "config", 1);
  auto database = logged<Database>(log, "database", 2);
  // inner run shares by the map; without, it has its own
  for (const bool sharedMap : {true, false}) {
    const layer::MemoMap map;
    run([&]() -> asio::awaitable<void> {
      co_await layer::run(
          config,
          [&](Config& outer) -> asio::awaitable<void> {
            layer::MemoMap inner;
            if (sharedMap) inner = map;
            const int n = co_await layer::run(
                layer::merge(config, database),
                [&](Config& mine, Database& db) -> asio::awaitable<int> {
                  field::expect((&mine == &outer) == sharedMap, "nested: shared by the map");
                  co_return db.n;
                },
                inner);
            field::expect(n == 2, "nested: result");
            log.add("body");
          },
          map);
    });
    if (sharedMap)
      field::expect(log.text() == "+config +database -database body -config",
                    "nested: " + log.text());
    else
      field::expect(
          log.events().size() == 7 && log.events()[5] == "body" && log.events()[6] == "-config",
          "nested, own: " + log.text());
    log.clear();
  }
  // a forked map: what is there is shared, what is new is not
  {
    const layer::MemoMap map;
    run([&]() -> asio::awaitable<void> {
      co_await layer::run(
          config,
          [&](Config& outer) -> asio::awaitable<void> {
            co_await layer::run(
                layer::merge(config, database),
                [&](Config& mine, Database& first) -> asio::awaitable<void> {
                  field::expect(&mine == &outer, "fork: shared");
                  co_await layer::run(
                      database,
                      [&](Database& second) { field::expect(&first != &second, "fork: its own"); },
                      map);
                },
                map.fork());
          },
          map);
    });
    log.clear();
  }
  // build inside a layer's function, into its own scope
  {
    auto users = layer::scoped([&](Config& c, layer::Scope& scope) -> asio::awaitable<Users> {
      auto context = co_await layer::build(database, scope);
      log.add("+users");
      scope.addFinalizer([&] { log.add("-users"); });
      co_return Users{c.n + context.get<Database>().n};
    });
    run([&] {
      return layer::run(layer::provide(users, config),
                        [](Users& u) { field::expect(u.n == 3, "build inside"); });
    });
    field::expect(log.text() == "+config +database +users -users -database -config",
                  "build inside: " + log.text());
    log.clear();
  }
  // two layers that build the same by one map, inside their functions, side by side
  {
    const layer::MemoMap map;
    auto users = layer::scoped([&](layer::Scope& scope) -> asio::awaitable<Users> {
      auto context = co_await layer::build(database, scope, map);
      co_return Users{context.get<Database>().n};
    });
    auto conf = layer::scoped([&](layer::Scope& scope) -> asio::awaitable<Config> {
      auto context = co_await layer::build(database, scope, map);
      co_return Config{context.get<Database>().n};
    });
    run([&] {
      return layer::run(
          layer::merge(users, conf),
          [](Users& u, Config& c) { field::expect(u.n == c.n, "side by side"); }, map);
    });
    field::expect(log.text() == "+database -database", "side by side: once: " + log.text());
    log.clear();
  }
  // cycles: a function that builds itself; two that build each other
  {
    const layer::MemoMap map;
    std::optional<layer::Layer<layer::Requires<>, layer::Provides<Users>>> self;
    self = layer::scoped([&](layer::Scope& scope) -> asio::awaitable<Users> {
      (void)co_await layer::build(*self, scope, map);
      co_return Users{1};
    });
    std::string what;
    try {
      run([&] { return layer::run(*self, [](Users&) {}, map); }, 3s);
    } catch (const layer::CycleError& e) {
      what = e.what();
    }
    field::expect(what.find("Users") != std::string::npos, "cycle: named: " + what);
    std::optional<layer::Layer<layer::Requires<>, layer::Provides<Users>>> a;
    std::optional<layer::Layer<layer::Requires<>, layer::Provides<Config>>> b;
    a = layer::effect([&]() -> asio::awaitable<Users> {
      const int n = co_await layer::run(*b, [](Config& c) { return c.n; }, map);
      co_return Users{n};
    });
    b = layer::effect([&]() -> asio::awaitable<Config> {
      const int n = co_await layer::run(*a, [](Users& u) { return u.n; }, map);
      co_return Config{n};
    });
    what.clear();
    try {
      run([&] { return layer::run(*a, [](Users&) {}, map); }, 3s);
    } catch (const layer::CycleError& e) {
      what = e.what();
    }
    field::expect(
        what.find("Users") != std::string::npos && what.find("Config") != std::string::npos,
        "cycle of two: named: " + what);
    // both started at once, from two runs
    Spawned s1, s2;
    asio::io_context io;
    s1.start(io, layer::run(*a, [](Users&) {}, map));
    s2.start(io, layer::run(*b, [](Config&) {}, map));
    io.run_for(3s);
    field::expect(s1.over() && s2.over(), "cycle from two sides: no hang");
    field::expect(s1.failedWith<layer::CycleError>() && s2.failedWith<layer::CycleError>(),
                  "cycle from two sides: " + s1.text() + " / " + s2.text());
    // in a suspend
    std::optional<layer::Layer<layer::Requires<>, layer::Provides<Users>>> late;
    late = layer::suspend([&] { return *late; });
    what.clear();
    try {
      run([&] { return layer::run(*late, [](Users&) {}); }, 3s);
    } catch (const layer::CycleError& e) {
      what = e.what();
    }
    field::expect(!what.empty(), "cycle in a suspend");
    a.reset();
    b.reset();
    late.reset();
    self.reset();
  }
  // a finalizer that runs a layer; one that builds its own layer
  {
    const layer::MemoMap map;
    auto outer = layer::scoped([&](layer::Scope& scope) -> asio::awaitable<Users> {
      scope.addFinalizer([&]() -> asio::awaitable<void> {
        co_await layer::run(database, [&](Database&) { log.add("flush"); }, map);
      });
      co_return Users{1};
    });
    run([&] { return layer::run(outer, [](Users&) {}, map); });
    field::expect(log.text() == "+database flush -database", "finalizer: " + log.text());
    log.clear();
    // under cancellation, too
    Spawned spawned;
    asio::io_context io;
    spawned.start(
        io, layer::run(outer, [](Users&) -> asio::awaitable<void> { co_await sleepFor(1h); }, map));
    after(io, 3ms, [&] { spawned.cancel(); });
    io.run_for(3s);
    field::expect(spawned.aborted() && log.text() == "+database flush -database",
                  "finalizer under cancellation: " + log.text() + " " + spawned.text());
    log.clear();
    std::optional<layer::Layer<layer::Requires<>, layer::Provides<Users>>> own;
    own = layer::scoped([&](layer::Scope& scope) -> asio::awaitable<Users> {
      scope.addFinalizer(
          [&]() -> asio::awaitable<void> { co_await layer::run(*own, [](Users&) {}, map); });
      co_return Users{1};
    });
    std::string what;
    try {
      run([&] { return layer::run(*own, [](Users&) {}, map); }, 3s);
    } catch (const layer::CloseError& e) {
      try {
        std::rethrow_exception(e.errors().at(0).error);
      } catch (const layer::CycleError& c) {
        what = c.what();
      } catch (const std::exception& c) {
        what = std::string("other: ") + c.what();
      }
    }
    field::expect(!what.empty() && what.substr(0, 5) != "other",
                  "finalizer: its own layer is a cycle: " + what);
    own.reset();
  }
  // a scope that is closed by its finalizer; build into a closed scope
  {
    run([&]() -> asio::awaitable<void> {
      layer::Scope scope;
      std::string text;
      scope.addFinalizer([&, scope]() -> asio::awaitable<void> {
        try {
          co_await scope.close();
        } catch (const std::logic_error& e) {
          text = "logic";
        }
      });
      co_await scope.close();
      field::expect(text == "logic", "a finalizer that closes its scope");
      bool closed = false;
      try {
        (void)co_await layer::build(database, scope);
      } catch (const layer::ClosedError&) {
        closed = true;
      }
      field::expect(closed, "a closed scope");
      field::expect(log.text() == "+database -database" || log.text().empty(),
                    "released at once: " + log.text());
      bool late = false;
      scope.addFinalizer([&] { late = true; });
      field::expect(late, "a finalizer of a closed scope runs at once");
      std::string spawned = "fine";
      layer::Scope open;
      try {
        open.spawn(sleepFor(1ms));
      } catch (const std::logic_error&) {
        spawned = "logic";
      }
      field::expect(spawned == "logic", "spawn on a scope of nobody");
      co_await open.close();
    });
    log.clear();
  }
  // an error in the middle: everything in reverse, whatever happens
  {
    auto users =
        layer::scoped([&](Config&, Database&, layer::Scope& scope) -> asio::awaitable<Users> {
          scope.addFinalizer([&](const layer::Exit& exit) {
            log.add(exit.succeeded() ? "ok" : "bad");
            throw std::runtime_error("a finalizer");
          });
          co_return Users{1};
        });
    const std::string text = field::thrown([&] {
      run([&] {
        return layer::run(layer::provide(users, layer::provideMerge(database, config)),
                          [&](Users&, layer::Scope& scope) -> asio::awaitable<void> {
                            scope.addFinalizer([&]() -> asio::awaitable<void> {
                              co_await sleepFor(1ms);
                              log.add("-body");
                            });
                            co_await layer::run(config, [](Config&) -> asio::awaitable<void> {
                              co_await sleepFor(0ms);
                              throw std::runtime_error("inner");
                            });
                          });
      });
    });
    field::expect(text == "inner", "the first error: " + text);
    const std::string all = log.text();
    field::expect(all.find("-config -body bad") != std::string::npos, "in reverse: " + all);
  }
  return field::result();
}
