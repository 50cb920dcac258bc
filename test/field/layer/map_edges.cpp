// A LayerMap at its edges: keyLimit, preload that fails, a key that fails and later works, idle times of
// 0, 1 ms, huge and negative, idleTimeOf, touch, invalidate while in use, keys, release under a user.
#include "layers.hpp"
#include "support/run.hpp"

namespace {
using ms = std::chrono::milliseconds;
using persistance::test::run;
struct Conn {
  int id;
  explicit Conn(int i) : id(i) {}
};
using Conns = layer::LayerMap<int, Conn>;

auto counted(EventLog& log, layer::LayerMapOptions<int> options, int bad = -1, int goodAfter = 2) {
  auto tries = std::make_shared<int>(0);
  return layer::layerMap(
      [&log, bad, goodAfter, tries](const int& id) {
        return layer::scoped([&log, id, bad, goodAfter, tries](
                                 layer::Scope& scope) -> asio::awaitable<std::shared_ptr<Conn>> {
          co_await sleepFor(0ms);
          if (id == bad && ++*tries <= goodAfter)
            throw std::runtime_error("no " + std::to_string(id));
          log.add("+" + std::to_string(id));
          scope.addFinalizer([&log, id]() -> asio::awaitable<void> {
            co_await sleepFor(0ms);
            log.add("-" + std::to_string(id));
          });
          co_return std::make_shared<Conn>(id);
        });
      },
      std::move(options));
}
asio::awaitable<void> use(const Conns& map, int key) {
  co_await map.run(key, [](Conn&) {});
}
}  // namespace

int main() {
  EventLog log;
  // keyLimit: idle ones count
  {
    layer::LayerMapOptions<int> options(1h);
    options.keyLimit = 2;
    run([&] {
      return layer::run(counted(log, options), [](Conns& map) -> asio::awaitable<void> {
        co_await use(map, 1);
        co_await use(map, 2);
        bool full = false;
        try {
          co_await use(map, 3);
        } catch (const layer::LayerMapFull&) {
          full = true;
        }
        field::expect(full, "keyLimit: the third is refused");
        co_await use(map, 2);
        co_await map.invalidate(1);
        co_await use(map, 3);
        field::expect(map.keys() == std::vector<int>({2, 3}), "keyLimit: 2 and 3");
      });
    });
    field::expect(log.text().substr(0, 11) == "+1 +2 -1 +3", "keyLimit: " + log.text());
    log.clear();
  }
  // keyLimit 0
  {
    layer::LayerMapOptions<int> options(1h);
    options.keyLimit = 0;
    run([&] {
      return layer::run(counted(log, options), [](Conns& map) -> asio::awaitable<void> {
        bool full = false;
        try {
          co_await map.preload(3);
        } catch (const layer::LayerMapFull&) {
          full = true;
        }
        field::expect(full, "keyLimit 0: refused");
      });
    });
  }
  // preload; and where it fails
  {
    layer::LayerMapOptions<int> options(1h);
    options.preload = {5, 4, 5};
    run([&] {
      return layer::run(counted(log, options), [&](Conns& map) -> asio::awaitable<void> {
        field::expect(log.text() == "+5 +4", "preload: " + log.text());
        field::expect(map.keys() == std::vector<int>({4, 5}), "preload: keys");
        co_return;
      });
    });
    log.clear();
    bool failed = false;
    try {
      run([&] { return layer::run(counted(log, options, 4), [](Conns&) {}); });
    } catch (const std::runtime_error& e) {
      failed = std::string(e.what()) == "no 4";
    }
    field::expect(failed, "preload: the map fails with the key's error");
    field::expect(log.text() == "+5 -5", "preload: what was loaded is released: " + log.text());
    log.clear();
  }
  // fails, later works; retry of the user's; other users of the same try get the error
  run([&] {
    return layer::run(counted(log, {1h}, 7, 1), [](Conns& map) -> asio::awaitable<void> {
      int errors = 0, good = 0, left = 3;
      for (int i = 0; i < 3; ++i)
        asio::co_spawn(co_await asio::this_coro::executor, use(map, 7),
                       [&](std::exception_ptr e) { ++(e ? errors : good), --left; });
      while (left) co_await sleepFor(1ms);
      field::expect(errors == 3,
                    "fails: all users of that build get the error, " + std::to_string(errors));
      field::expect(map.keys().empty(), "fails: it is forgotten");
      co_await use(map, 7);
      field::expect(map.keys().size() == 1, "fails: works later");
    });
  });
  log.clear();
  // idle times
  for (const ms idle : {ms(0), ms(1), ms(-1), ms::min(), ms(40), ms::max(), ms::max() - ms(1),
                        std::chrono::duration_cast<ms>(std::chrono::nanoseconds::max())}) {
    const std::string what = "idle " + std::to_string(idle.count());
    run([&] {
      return layer::run(counted(log, {idle}), [&](Conns& map) -> asio::awaitable<void> {
        co_await use(map, 1);
        co_await sleepFor(15ms);
        field::expect(log.text() == (idle <= 1ms ? "+1 -1" : "+1"), what + ": " + log.text());
        map.touch(1);
        map.touch(99);
        co_await use(map, 1);
      });
    });
    field::expect(log.text() == (idle <= 1ms ? "+1 -1 +1 -1" : "+1 -1"),
                  what + ": at the end " + log.text());
    log.clear();
  }
  // idleTimeOf
  {
    layer::LayerMapOptions<int> options(1h);
    options.idleTimeOf = [](const int& key) { return key == 1 ? ms(0) : ms::max(); };
    run([&] {
      return layer::run(counted(log, options), [&](Conns& map) -> asio::awaitable<void> {
        co_await use(map, 1);
        co_await use(map, 2);
        co_await sleepFor(5ms);
        field::expect(log.text() == "+1 -1 +2" || log.text() == "+1 +2 -1",
                      "idleTimeOf: " + log.text());
      });
    });
    log.clear();
  }
  // touch keeps it
  run([&] {
    return layer::run(counted(log, {30ms}), [&](Conns& map) -> asio::awaitable<void> {
      co_await use(map, 1);
      for (int i = 0; i < 8; ++i) {
        co_await sleepFor(10ms);
        map.touch(1);
      }
      field::expect(log.text() == "+1", "touch: it stays: " + log.text());
      co_await sleepFor(60ms);
      field::expect(log.text() == "+1 -1", "touch: then it goes: " + log.text());
    });
  });
  log.clear();
  // invalidate while in use: the old one stays to its end, the next user gets a new one
  run([&] {
    return layer::run(counted(log, {1h}), [&](Conns& map) -> asio::awaitable<void> {
      co_await map.run(1, [&](Conn& first) -> asio::awaitable<void> {
        co_await map.invalidate(1);
        field::expect(log.text() == "+1", "invalidate: the used one stays");
        field::expect(map.keys().empty(), "invalidate: its key is not there any more");
        co_await map.run(
            1, [&](Conn& second) { field::expect(&first != &second, "invalidate: a new one"); });
        field::expect(log.text() == "+1 +1", "invalidate: " + log.text());
      });
      co_await sleepFor(3ms);
      field::expect(log.text() == "+1 +1 -1",
                    "invalidate: released with its last user " + log.text());
      co_await map.invalidate(1);
      field::expect(log.text() == "+1 +1 -1 -1",
                    "invalidate of an idle one: to its end " + log.text());
      co_await map.invalidate(77);
    });
  });
  log.clear();
  // the map is released under a user: its run is cancelled and waited for; later calls: ClosedError
  {
    std::optional<Conns> kept;
    std::string outer, late;
    run([&]() -> asio::awaitable<void> {
      const auto keys = counted(log, {1h});
      co_await layer::run(keys, [&](Conns& map) -> asio::awaitable<void> {
        kept = map;
        asio::co_spawn(co_await asio::this_coro::executor,
                       map.run(1, [](Conn&) -> asio::awaitable<void> { co_await sleepFor(1h); }),
                       [&](std::exception_ptr e) {
                         outer = field::thrown([&] {
                           if (e) std::rethrow_exception(e);
                         });
                         log.add("run-over");
                       });
        co_await sleepFor(5ms);
      });
      log.add("map-over");
      try {
        co_await use(*kept, 1);
      } catch (const layer::ClosedError&) {
        late = "closed";
      }
      try {
        co_await kept->preload(1);
        late += " open";
      } catch (const layer::ClosedError&) {
        late += " closed";
      }
      try {
        layer::Scope s;
        (void)co_await kept->get(1, s);
        late += " open";
      } catch (const layer::ClosedError&) {
        late += " closed";
      }
      try {
        co_await kept->invalidate(1);
        late += " fine";
      } catch (const layer::ClosedError&) {
        late += " closed";
      }
      kept->touch(1);
      field::expect(kept->keys().empty(), "released: no keys");
    });
    field::expect(outer.find("aborted") != std::string::npos,
                  "released: the run is cancelled: " + outer);
    field::expect(
        log.text() == "+1 run-over -1 map-over" || log.text() == "+1 -1 run-over map-over",
        "released: in order: " + log.text());
    field::expect(late.substr(0, 20) == "closed closed closed",
                  "released: then it is closed: " + late);
    log.clear();
  }
  // a scope of a user's that is still open when the map is released
  run([&]() -> asio::awaitable<void> {
    layer::Scope scope;
    const auto keys = counted(log, {1h});
    co_await layer::run(
        keys, [&](Conns& map) -> asio::awaitable<void> { (void)co_await map.get(3, scope); });
    field::expect(log.text() == "+3 -3", "under a scope: released with the map " + log.text());
    co_await scope.close();
  });
  field::expect(log.text() == "+3 -3", "under a scope: once " + log.text());
  log.clear();
  // a key's layer that uses the map itself: another key, and its own (a cycle)
  {
    auto holder = std::make_shared<std::optional<Conns>>();
    auto tree = layer::layerMap(
        [&, holder](const int& id) {
          return layer::scoped(
              [&, holder, id](layer::Scope& scope) -> asio::awaitable<std::shared_ptr<Conn>> {
                if (id == 100) (void)co_await (*holder)->get(100, scope);
                if (id > 0) (void)co_await (*holder)->get(id - 1, scope);
                log.add("+" + std::to_string(id));
                scope.addFinalizer([&, id] { log.add("-" + std::to_string(id)); });
                co_return std::make_shared<Conn>(id);
              });
        },
        {0ms});
    std::string cycle = "none";
    run(
        [&] {
          return layer::run(tree, [&](Conns& map) -> asio::awaitable<void> {
            *holder = map;
            co_await map.run(2, [](Conn&) {});
            try {
              co_await map.run(100, [](Conn&) {});
            } catch (const layer::CycleError&) {
              cycle = "cycle";
            }
            holder->reset();
          });
        },
        5s);
    field::expect(log.text().substr(0, 8) == "+0 +1 +2", "tree: " + log.text());
    field::expect(cycle == "cycle", "tree: its own key is a cycle");
  }
  return field::result();
}
