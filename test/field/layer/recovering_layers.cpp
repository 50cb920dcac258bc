// observe, timeout, retry, catchAll, orElse, tapError, fresh, suspend, flatMap, tap do what their headers
// say, in every nesting, and failedLayer / failedFinalizers name who failed.
#include "layers.hpp"
#include "support/run.hpp"

namespace {
using ms = std::chrono::milliseconds;
using persistance::test::run;
using Kind = layer::LayerEvent::Kind;
struct Config {
  int n = 1;
};
struct Database {
  int n = 0;
};
struct Cache {
  int n = 0;
};
struct Users {
  int n = 0;
};
struct NoDatabase : std::runtime_error {
  using runtime_error::runtime_error;
};

auto failing(EventLog& log, std::string text = "down") {
  return layer::scoped([&log, text](layer::Scope& scope) -> asio::awaitable<Database> {
    log.add("acquire");
    scope.addFinalizer([&log](const layer::Exit& exit) -> asio::awaitable<void> {
      co_await sleepFor(1ms);
      log.add(exit.succeeded() ? "release-ok" : "release-bad");
    });
    co_await sleepFor(1ms);
    throw NoDatabase(text);
    co_return Database{};
  });
}
auto observer(EventLog& log) {
  return [&log](const layer::LayerEvent& e) {
    static const char* const names[] = {"began", "ended", "failed", "releaseBegan", "releaseEnded"};
    std::string name(e.layer);
    name = name.substr(name.rfind(':') + 1);
    log.add(std::string(names[int(e.kind)]) + "-" + name + (e.error ? "!" : ""));
  };
}
template <class F>
std::string errorOf(F f) {
  return field::thrown(f);
}
}  // namespace

int main() {
  EventLog log;
  // orElse: by then all is released
  run([&] {
    return layer::run(layer::orElse(failing(log), layer::sync([&] {
                                      log.add("second");
                                      return Database{2};
                                    })),
                      [](Database& d) { field::expect(d.n == 2, "orElse"); });
  });
  field::expect(log.text() == "acquire release-bad second", "orElse: " + log.text());
  log.clear();
  // catchAll by class; another class passes
  auto caught = layer::catchAll(failing(log), [](const NoDatabase& e, Config& c) {
    return layer::succeed(Database{c.n + int(std::string(e.what()).size())});
  });
  run([&] {
    return layer::run(layer::provide(caught, layer::succeed(Config{10})),
                      [](Database& d) { field::expect(d.n == 14, "catchAll"); });
  });
  field::expect(log.text() == "acquire release-bad", "catchAll: " + log.text());
  log.clear();
  auto notCaught = layer::catchAll(
      failing(log), [](const std::bad_alloc&) { return layer::succeed(Database{1}); });
  field::expect(
      errorOf([&] { run([&] { return layer::run(notCaught, [](Database&) {}); }); }) == "down",
      "catchAll: another class passes");
  log.clear();
  // tapError
  auto tapped = layer::tapError(failing(log), [&log](std::exception_ptr) -> asio::awaitable<void> {
    co_await sleepFor(1ms);
    log.add("tapped");
  });
  field::expect(
      errorOf([&] { run([&] { return layer::run(tapped, [](Database&) {}); }); }) == "down",
      "tapError");
  field::expect(log.text() == "acquire release-bad tapped", "tapError: " + log.text());
  log.clear();
  auto tappedBad = layer::tapError(failing(log), [] { throw std::runtime_error("tap"); });
  field::expect(
      errorOf([&] { run([&] { return layer::run(tappedBad, [](Database&) {}); }); }) == "tap",
      "tapError that fails");
  log.clear();
  // retry: counts
  for (int times : {0, 1, 3}) {
    field::expect(errorOf([&] {
                    run([&] {
                      return layer::run(
                          layer::retry(failing(log), layer::Schedule::immediate().times(times)),
                          [](Database&) {});
                    });
                  }) == "down",
                  "retry");
    field::expect(int(log.events().size()) == 2 * (times + 1),
                  "retry " + std::to_string(times) + ": " + log.text());
    log.clear();
  }
  field::expect(errorOf([&] {
                  run([&] {
                    return layer::run(layer::retry(failing(log), layer::Schedule::immediate()),
                                      [](Database&) {});
                  });
                }) == "down",
                "retry");
  field::expect(log.events().size() == 22, "retry: 10 further ones by default");
  log.clear();
  field::expect(
      errorOf([&] {
        run([&] {
          return layer::run(
              layer::retry(failing(log), layer::Schedule::immediate().forever().whileError(
                                             [](const std::exception_ptr&) { return false; })),
              [](Database&) {});
        });
      }) == "down",
      "retry: whileError");
  field::expect(log.events().size() == 2, "retry: gave up at once");
  log.clear();
  // retry: what is below is built anew too, or shared? "each time built anew" - the one that is provided outside stays
  {
    int configs = 0, databases = 0, tries = 0;
    auto config = layer::sync([&] {
      ++configs;
      return Config{};
    });
    auto database = layer::effect([&](Config&) -> asio::awaitable<Database> {
      ++databases;
      co_return Database{};
    });
    auto users = layer::effect([&](Database&) -> asio::awaitable<Users> {
      if (++tries < 3) throw std::runtime_error("no");
      co_return Users{};
    });
    auto app = layer::provide(
        layer::retry(layer::provide(users, database), layer::Schedule::immediate()), config);
    run([&] { return layer::run(app, [](Users&) {}); });
    field::expect(
        configs == 1 && databases == 3 && tries == 3,
        "retry: " + std::to_string(configs) + std::to_string(databases) + std::to_string(tries));
  }
  // long waits are waits, also where they overflow; cancelled they end at once
  for (const auto& schedule :
       {layer::Schedule::spaced(ms::max()), layer::Schedule::exponential(1h, 1e300).jittered(),
        layer::Schedule::exponential(ms::max(), 3).jittered(),
        layer::Schedule::spaced(1h * 24 * 365 * 400).upTo(ms::max())}) {
    Spawned spawned;
    asio::io_context io;
    spawned.start(io, layer::run(layer::retry(failing(log), schedule), [](Database&) {}));
    after(io, 20ms, [&] {
      field::expect(!spawned.over(), "a long wait");
      spawned.cancel();
    });
    io.run_for(2s);
    field::expect(spawned.aborted(), "a long wait: cancelled " + spawned.text());
  }
  log.clear();
  // schedules by themselves
  {
    using S = layer::Schedule;
    const std::exception_ptr none;
    field::expect(S::exponential(100ms).upTo(5s).next(7, none, 0) == ms(5000), "schedule: upTo");
    field::expect(S::exponential(100ms).next(1, none, 0) == ms(100), "schedule: first");
    field::expect(S::exponential(100ms).next(3, none, 0) == ms(400), "schedule: third");
    field::expect(!S::spaced(1ms).times(3).next(4, none, 0).has_value(), "schedule: times");
    field::expect(S::spaced(1ms).times(3).next(3, none, 0).has_value(), "schedule: times 3");
    field::expect(S::spaced(1ms).forever().next(2000000000, none, 0).has_value(),
                  "schedule: forever");
    for (double r : {0.0, 0.5, 0.999999}) {
      const auto d = S::spaced(100ms).jittered().next(1, none, r);
      field::expect(d && *d >= 50ms && *d <= 100ms, "schedule: jittered");
    }
    field::expect(S::exponential(1ms, 2).forever().next(100000, none, 0.5) > ms(0),
                  "schedule: no overflow");
    field::expect(S::exponential(8ms, 0.5).forever().next(3, none, 0.5) == ms(2),
                  "schedule: shrinking");
    field::expect(S::exponential(0ms).forever().next(1025, none, 0.5) == ms(0),
                  "schedule: zero stays zero, also after 1024 tries");
  }
  // timeout
  {
    auto slow = layer::scoped([&](layer::Scope& scope) -> asio::awaitable<Database> {
      scope.addFinalizer([&]() -> asio::awaitable<void> {
        co_await sleepFor(1ms);
        log.add("released");
      });
      co_await sleepFor(30s);
      co_return Database{};
    });
    for (const ms t : {ms(0), ms(1), ms(-1), ms::min()}) {
      std::string name;
      try {
        run([&] { return layer::run(layer::timeout(slow, t), [](Database&) {}); });
      } catch (const layer::BuildTimeout& e) {
        name = e.layer();
        log.add("caught");
      }
      field::expect(name.find("Database") != std::string::npos,
                    "timeout " + std::to_string(t.count()) + ": names the layer: " + name);
      field::expect(log.text() == "released caught" || (t <= 0ms && log.text() == "caught"),
                    "timeout: " + log.text());
      log.clear();
    }
    auto quick = layer::effect([]() -> asio::awaitable<Database> {
      co_await sleepFor(5ms);
      co_return Database{};
    });
    for (const ms t : {ms(1h), ms::max(), ms(1h * 24 * 365 * 400)})
      run([&] { return layer::run(layer::timeout(quick, t), [](Database&) {}); });
    // retry of timeout, timeout of retry, orElse of it
    auto both = layer::orElse(
        layer::timeout(
            layer::retry(layer::timeout(slow, 2ms), layer::Schedule::immediate().forever()), 15ms),
        layer::succeed(Database{5}));
    run([&] {
      return layer::run(
          both, [](Database& d) { field::expect(d.n == 5, "timeout of retry of timeout"); });
    });
    log.clear();
    // cancelled while it waits: no failure, and passes
    Spawned spawned;
    asio::io_context io;
    spawned.start(io,
                  layer::run(layer::catchAll(layer::retry(layer::timeout(slow, 1h),
                                                          layer::Schedule::immediate().forever()),
                                             [&](std::exception_ptr) {
                                               log.add("bad");
                                               return layer::succeed(Database{});
                                             }),
                             [](Database&) {}));
    after(io, 3ms, [&] { spawned.cancel(); });
    io.run_for(2s);
    field::expect(spawned.aborted(), "a cancellation passes");
    field::expect(log.text() == "released", "a cancellation is no failure " + log.text());
    log.clear();
  }
  // observe
  {
    auto config = layer::sync([] { return Config{}; });
    auto database = layer::scoped([](Config&, layer::Scope& s) -> asio::awaitable<Database> {
      s.addFinalizer([]() -> asio::awaitable<void> {
        co_await sleepFor(1ms);
        throw std::runtime_error("late");
      });
      co_return Database{};
    });
    auto app = layer::observe(layer::provide(database, config), observer(log));
    std::string failed;
    try {
      run([&] { return layer::run(app, [](Database&) {}); });
    } catch (const layer::CloseError& e) {
      failed = e.errors().at(0).layer;
    }
    field::expect(failed.find("Database") != std::string::npos,
                  "CloseError names the layer: " + failed);
    field::expect(
        log.text() ==
            "began-Config ended-Config began-Database ended-Database releaseBegan-Database "
            "releaseEnded-Database! releaseBegan-Config releaseEnded-Config",
        "observe: " + log.text());
    log.clear();
    auto bad =
        layer::observe(layer::provide(layer::effect([](Config&) -> asio::awaitable<Database> {
                                        throw NoDatabase("x");
                                        co_return Database{};
                                      }),
                                      config),
                       observer(log));
    field::expect(errorOf([&] { run([&] { return layer::run(bad, [](Database&) {}); }); }) == "x",
                  "observe: fails");
    field::expect(
        log.text() ==
                "began-Config ended-Config began-Database failed-Database! releaseBegan-Database "
                "releaseEnded-Database releaseBegan-Config releaseEnded-Config" ||
            log.text() ==
                "began-Config ended-Config began-Database failed-Database! releaseBegan-Config "
                "releaseEnded-Config",
        "observe, failing: " + log.text());
    log.clear();
    // an observer that throws is dropped
    run([&] {
      return layer::run(layer::observe(config, [](const layer::LayerEvent&) { throw 1; }),
                        [](Config&) {});
    });
  }
  // failedLayer, failedFinalizers
  {
    auto bad = layer::scoped([](layer::Scope& s) -> asio::awaitable<Users> {
      s.addFinalizer([] { throw std::runtime_error("f1"); });
      s.addFinalizer([]() -> asio::awaitable<void> {
        co_await sleepFor(0ms);
        throw std::runtime_error("f2");
      });
      throw NoDatabase("first");
      co_return Users{};
    });
    std::string layerName, finalizers;
    try {
      run([&] { return layer::run(bad, [](Users&) {}); });
    } catch (const NoDatabase&) {
      layerName = layer::failedLayer(std::current_exception());
      for (const auto& f : layer::failedFinalizers(std::current_exception()))
        finalizers += f.layer.substr(f.layer.rfind(':') + 1) + "=" + f.what + " ";
    }
    field::expect(layerName.find("Users") != std::string::npos, "failedLayer: " + layerName);
    field::expect(finalizers == "Users=f2 Users=f1 ", "failedFinalizers: " + finalizers);
    std::string body = "?";
    try {
      run([&] {
        return layer::run(layer::succeed(Config{}), [](Config&) { throw NoDatabase("body"); });
      });
    } catch (const NoDatabase&) {
      body = layer::failedLayer(std::current_exception());
    }
    field::expect(body.empty(), "failedLayer: of a body, none: " + body);
  }
  // fresh
  {
    int configs = 0, databases = 0;
    auto config = layer::sync([&] {
      ++configs;
      return Config{configs};
    });
    auto database = layer::sync([&](Config& c) {
      ++databases;
      return Database{c.n};
    });
    auto cache = layer::sync([&](Config& c) { return Cache{c.n}; });
    auto app = layer::merge(
        layer::provide(database, config), layer::provide(cache, config),
        layer::fresh(layer::provide(layer::sync([](Config& c) { return Users{c.n}; }), config)));
    run([&] {
      return layer::run(app, [](Database& d, Cache& c, Users& u) {
        field::expect(d.n == c.n && u.n != d.n, "fresh: one of its own");
      });
    });
    field::expect(configs == 2, "fresh: two");
    // fresh of one that requires gets what is given from outside
    configs = 0;
    auto twice =
        layer::provide(layer::merge(layer::fresh(database), layer::provide(cache, config)), config);
    run([&] {
      return layer::run(twice, [](Database& d, Cache& c) {
        field::expect(d.n == c.n, "fresh: what it requires is shared");
      });
    });
    field::expect(configs == 1, "fresh: one config");
  }
  // flatMap, tap, suspend, unwrap, updateService
  {
    int calls = 0;
    auto suspended = layer::suspend([&]() {
      ++calls;
      return layer::succeed(Config{3});
    });
    auto app = layer::flatMap(
        layer::merge(suspended, layer::provide(layer::sync([](Config& c) { return Database{c.n}; }),
                                               suspended)),
        [](Config& c, Database& d)
            -> asio::awaitable<layer::Layer<layer::Requires<>, layer::Provides<Users>>> {
          co_await sleepFor(1ms);
          co_return layer::succeed(Users{c.n + d.n});
        });
    auto told = layer::tap(app, [&](Users& u) -> asio::awaitable<int> {
      co_await sleepFor(1ms);
      log.add("tap" + std::to_string(u.n));
      co_return 1;
    });
    run([&] { return layer::run(told, [](Users& u) { field::expect(u.n == 6, "flatMap"); }); });
    field::expect(calls == 1 && log.text() == "tap6", "suspend once, tap once: " + log.text());
    auto updated = layer::provide(
        layer::updateService<Config>(layer::sync([](Config& c) { return Users{c.n}; }),
                                     [](Config& c) { return Config{c.n * 100}; }),
        layer::succeed(Config{2}));
    run([&] {
      return layer::run(updated, [](Users& u) { field::expect(u.n == 200, "updateService"); });
    });
  }
  return field::result();
}
