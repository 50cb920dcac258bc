// Layers by key.
#include <doctest/doctest.h>
#include <atomic>
#include <persistance/layer/layer_map.hpp>

#include "layers.hpp"

using namespace persistance;
using namespace persistance::test;
using namespace std::chrono_literals;

namespace {

struct Tenant {
  std::string name;
};
using Tenants = layer::LayerMap<std::string, Tenant>;
using Options = layer::LayerMapOptions<std::string>;

// Logs "+a" when the tenant a is there, and "-a" when it is released.
auto tenants(EventLog& log, Options options) {
  const auto tenant = [&log](const std::string& id) {
    return layer::scoped(
        [&log, id](layer::Scope& scope) -> asio::awaitable<std::shared_ptr<Tenant>> {
          co_await yield();
          if (id == "bad") throw Failed();
          log.add("+" + id);
          scope.addFinalizer([&log, id]() -> asio::awaitable<void> {
            co_await yield();
            log.add("-" + id);
          });
          co_return std::make_shared<Tenant>(Tenant{id});
        });
  };
  return layer::layerMap(tenant, std::move(options));
}

// Runs `body` with a map of tenants.
template <class Body>
void withTenants(EventLog& log, Options options, Body body, int threads = 1) {
  auto all = [&]() -> asio::awaitable<void> {
    co_await layer::run(tenants(log, std::move(options)), std::move(body));
  };
  run(std::move(all), 20s, threads);
}

asio::awaitable<void> waitFor(EventLog& log, std::string text) {
  asio::steady_timer timer(co_await asio::this_coro::executor);
  while (log.text() != text) {
    timer.expires_after(1ms);
    co_await timer.async_wait(asio::use_awaitable);
  }
}

std::string nameOf(Tenant& tenant) { return tenant.name; }

}  // namespace

TEST_SUITE("layer layer map") {
  TEST_CASE("acquires when it is asked and releases with its last user where the idle time is 0") {
    EventLog log;
    withTenants(log, Options(0ms), [&](Tenants& map) -> asio::awaitable<void> {
      CHECK(log.text().empty());
      CHECK(co_await map.run("a", nameOf) == "a");
      CHECK(log.text() == "+a -a");
      const layer::Scope one;
      const layer::Scope two;
      const auto first = co_await map.get("b", one);
      const auto second = co_await map.get("b", two);
      CHECK(&first.get<Tenant>() == &second.get<Tenant>());
      co_await one.close();
      CHECK(log.text() == "+a -a +b");
      co_await two.close();
      CHECK(log.text() == "+a -a +b -b");
    });
  }

  TEST_CASE("an idle layer is shared with who comes in time, and then released") {
    EventLog log;
    withTenants(log, Options(30ms), [&](Tenants& map) -> asio::awaitable<void> {
      CHECK(co_await map.run("a", nameOf) == "a");
      CHECK(co_await map.run("a", nameOf) == "a");
      CHECK(log.text() == "+a");
      CHECK(map.keys() == std::vector<std::string>{"a"});
      co_await waitFor(log, "+a -a");
      while (!map.keys().empty()) co_await yield();
      CHECK(co_await map.run("a", nameOf) == "a");
      CHECK(log.text() == "+a -a +a");
    });
    CHECK(log.text() == "+a -a +a -a");
  }

  TEST_CASE("who asks an empty handle for a key gets ClosedError") {
    const Tenants none;
    CHECK(none.keys().empty());
    none.touch("a");
    run([&]() -> asio::awaitable<void> { co_await none.invalidate("a"); });
    CHECK_THROWS_AS(run([&] { return none.run("a", nameOf); }), layer::ClosedError);
    CHECK_THROWS_AS(run([&] { return none.preload("a"); }), layer::ClosedError);
    const layer::Scope scope;
    const auto get = [&]() -> asio::awaitable<void> { (void)co_await none.get("a", scope); };
    CHECK_THROWS_AS(run(get), layer::ClosedError);
  }

  TEST_CASE("an idle time beyond all time is none") {
    EventLog log;
    withTenants(log, Options(std::chrono::milliseconds::max()),
                [&](Tenants& map) -> asio::awaitable<void> {
                  CHECK(co_await map.run("a", nameOf) == "a");
                  map.touch("a");
                  for (int i = 0; i < 50; ++i) co_await yield();
                  CHECK(log.text() == "+a");
                });
    CHECK(log.text() == "+a -a");
  }

  TEST_CASE("the idle time may depend on the key") {
    EventLog log;
    Options options(1h);
    options.idleTimeOf = [](const std::string& key) -> std::chrono::milliseconds {
      return key == "short" ? 0ms : 3600s;
    };
    withTenants(log, options, [&](Tenants& map) -> asio::awaitable<void> {
      co_await map.preload("long");
      co_await map.preload("short");
      CHECK(log.text() == "+long +short -short");
      map.touch("long");
      map.touch("nobody");
    });
    CHECK(log.text() == "+long +short -short -long");
  }

  TEST_CASE("make preloads the requested keys, and fails where one does") {
    EventLog log;
    Options options(1h);
    options.preload = {"a", "b"};
    withTenants(log, options, [&](Tenants&) -> asio::awaitable<void> {
      CHECK(log.text() == "+a +b");
      co_return;
    });
    CHECK(log.events().size() == 4);
    log.clear();
    options.preload = {"a", "bad"};
    CHECK_THROWS_AS(withTenants(log, options, [](Tenants&) -> asio::awaitable<void> { co_return; }),
                    Failed);
    CHECK(log.text() == "+a -a");
  }

  TEST_CASE("invalidate releases an idle layer and the next one is a fresh one") {
    EventLog log;
    withTenants(log, Options(1h), [&](Tenants& map) -> asio::awaitable<void> {
      co_await map.invalidate("a");
      co_await map.preload("a");
      co_await map.invalidate("a");
      CHECK(log.text() == "+a -a");
      co_await map.preload("a");
      CHECK(log.text() == "+a -a +a");
    });
    CHECK(log.text() == "+a -a +a -a");
  }

  TEST_CASE("invalidate leaves a layer to those who use it") {
    EventLog log;
    withTenants(log, Options(1h), [&](Tenants& map) -> asio::awaitable<void> {
      const layer::Scope scope;
      const auto old = co_await map.get("a", scope);
      co_await map.invalidate("a");
      const layer::Scope other;
      const auto fresh = co_await map.get("a", other);
      CHECK(&old.get<Tenant>() != &fresh.get<Tenant>());
      CHECK(log.text() == "+a +a");
      co_await scope.close();
      CHECK(log.text() == "+a +a -a");
      co_await other.close();
      CHECK(log.text() == "+a +a -a");
    });
    CHECK(log.text() == "+a +a -a -a");
  }

  TEST_CASE("a build that failed is forgotten") {
    EventLog log;
    withTenants(log, Options(1h), [&](Tenants& map) -> asio::awaitable<void> {
      int failures = 0;
      for (int i = 0; i < 2; ++i) {
        try {
          co_await map.run("bad", nameOf);
        } catch (const Failed&) {
          ++failures;
        }
      }
      CHECK(failures == 2);
      CHECK(map.keys().empty());
    });
  }

  TEST_CASE("more keys than the limit are refused") {
    EventLog log;
    Options options(1h);
    options.keyLimit = 1;
    withTenants(log, options, [&](Tenants& map) -> asio::awaitable<void> {
      co_await map.preload("a");
      bool full = false;
      try {
        co_await map.preload("b");
      } catch (const layer::LayerMapFull&) {
        full = true;
      }
      CHECK(full);
      co_await map.invalidate("a");
      co_await map.preload("b");
    });
    CHECK(log.text() == "+a -a +b -b");
  }

  TEST_CASE("a cancelled user lets go, and the layer of another one is there") {
    EventLog log;
    withTenants(log, Options(0ms), [&](Tenants& map) -> asio::awaitable<void> {
      asio::cancellation_signal stop;
      const auto executor = co_await asio::this_coro::executor;
      const auto endless = [](Tenant&) -> asio::awaitable<void> {
        asio::steady_timer timer(co_await asio::this_coro::executor, 1h);
        co_await timer.async_wait(asio::use_awaitable);
      };
      auto ended = [&log](std::exception_ptr error) { log.add(error ? "aborted" : "ended"); };
      asio::co_spawn(executor, map.run("a", endless),
                     asio::bind_cancellation_slot(stop.slot(), std::move(ended)));
      co_await waitFor(log, "+a");
      stop.emit(asio::cancellation_type::terminal);
      co_await waitFor(log, "+a -a aborted");
    });
  }

  TEST_CASE("the end of the map ends what runs, and refuses what comes") {
    EventLog log;
    std::optional<Tenants> kept;
    auto all = [&]() -> asio::awaitable<void> {
      const layer::Scope scope;
      const auto context = co_await layer::build(tenants(log, Options(1h)), scope);
      kept = context.get<Tenants>();
      const auto endless = [](Tenant&) -> asio::awaitable<void> {
        asio::steady_timer timer(co_await asio::this_coro::executor, 1h);
        co_await timer.async_wait(asio::use_awaitable);
      };
      auto ended = [&log](std::exception_ptr error) { log.add(error ? "aborted" : "ended"); };
      asio::co_spawn(co_await asio::this_coro::executor, kept->run("a", endless), ended);
      co_await waitFor(log, "+a");
      co_await scope.close();
      co_await waitFor(log, "+a aborted -a");
      bool closed = false;
      try {
        co_await kept->preload("b");
      } catch (const layer::ClosedError&) {
        closed = true;
      }
      CHECK(closed);
    };
    run(all);
  }

  TEST_CASE("a map takes services and outlives its io_context") {
    EventLog log;
    std::optional<layer::Context<Tenants>> kept;
    run([&]() -> asio::awaitable<void> {
      const auto map = layer::layerMap([](const int& id, Service<7>& seven) {
        return layer::succeed(Tenant{std::to_string(id + seven.value)});
      });
      const auto use = [](layer::LayerMap<int, Tenant>& tenants) -> asio::awaitable<std::string> {
        return tenants.run(3, nameOf);
      };
      CHECK(co_await layer::run(layer::wire(map, layer::succeed(Service<7>())), use) == "10");
      const layer::Scope scope;
      kept = co_await layer::build(tenants(log, Options(1h)), scope);
      co_await kept->get<Tenants>().preload("a");
    });
    kept.reset();
  }

  TEST_CASE("many users of few keys on four threads") {
    EventLog log;
    std::atomic<int> left = 200;
    withTenants(
        log, Options(1ms),
        [&](Tenants& map) -> asio::awaitable<void> {
          const auto executor = co_await asio::this_coro::executor;
          for (int i = 0; i < 200; ++i) {
            auto key = std::to_string(i % 3);
            auto ended = [&left](std::exception_ptr, const std::string&) { --left; };
            asio::co_spawn(executor, map.run(std::move(key), nameOf), ended);
            if (i % 20 == 0) co_await map.invalidate("1");
          }
          while (left > 0) co_await yield();
        },
        4);
    const std::vector<std::string> events = log.events();
    const auto count = [&](char sign) {
      return std::count_if(events.begin(), events.end(),
                           [&](const std::string& event) { return event[0] == sign; });
    };
    CHECK(count('+') == count('-'));
    CHECK(count('+') >= 3);
  }
}
