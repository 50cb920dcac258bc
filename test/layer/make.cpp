// Layers of one service.
#include <doctest/doctest.h>
#include <asio/use_future.hpp>

#include "layers.hpp"

using namespace persistance;
using namespace persistance::test;

TEST_SUITE("layer make") {
  TEST_CASE("preserves identity of acquired resources") {
    const auto service = std::make_shared<Service<1>>();
    const auto got = run([&]() -> asio::awaitable<std::shared_ptr<Service<1>>> {
      const layer::Scope scope;
      const auto l = layer::scoped([&](layer::Scope&) { return service; });
      const auto context = co_await layer::build(l, scope);
      auto share = context.share<Service<1>>();
      co_await scope.close();
      co_return share;
    });
    CHECK(got == service);
  }

  TEST_CASE("effectDiscard runs in the layer's scope and provides nothing") {
    EventLog log;
    const auto migration = layer::effectDiscard([&](Service<1>&, layer::Scope& scope) {
      log.add("migrate");
      scope.addFinalizer([&] { log.add("migrated"); });
    });
    buildAndClose(layer::provideMerge(migration, logged<1>(log)));
    CHECK(log.text() == "acquire1 migrate migrated release1");
  }

  TEST_CASE("effect of a coroutine that returns nothing is effectDiscard") {
    EventLog log;
    const layer::Layer<layer::Requires<>, layer::Provides<>> migration =
        layer::effect([&]() -> asio::awaitable<void> {
          log.add("migrate");
          co_return;
        });
    buildAndClose(migration);
    CHECK(log.text() == "migrate");
  }

  TEST_CASE("a service may come with a deleter of its own") {
    EventLog log;
    struct Remove {
      EventLog* log;
      void operator()(const Service<1>* service) const {
        log->add("delete");
        delete service;
      }
    };
    using Pointer = std::unique_ptr<Service<1>, Remove>;
    buildAndClose(layer::sync([&] { return Pointer(new Service<1>(), Remove{&log}); }));
    CHECK(log.text() == "delete");
    log.clear();
    buildAndClose(layer::succeed(Pointer(new Service<1>(), Remove{&log})));
    CHECK(log.text() == "delete");
  }

  TEST_CASE("a build may be awaited through a future") {
    asio::io_context io;
    const layer::Scope scope;
    auto built = asio::co_spawn(io, layer::build(layer::succeed(A{3}), scope), asio::use_future);
    const auto fails = layer::sync([]() -> B { throw Failed(); });
    auto failed = asio::co_spawn(io, layer::build(fails, scope), asio::use_future);
    io.run();
    CHECK(built.get().get<A>().value == 3);
    CHECK_THROWS_AS(failed.get(), Failed);
    CHECK_THROWS_AS((void)layer::Context<A>().get<A>(), std::logic_error);
  }

  TEST_CASE("the empty layer changes nothing") {
    EventLog log;
    buildAndClose(layer::merge(layer::empty, logged<1>(log), layer::empty));
    buildAndClose(layer::empty);
    CHECK(log.text() == "acquire1 release1");
  }

  TEST_CASE("can map a layer to an unrelated type") {
    const auto text = layer::sync([](Service<7>& s) { return std::to_string(s.value); });
    const auto value = run([&] {
      return layer::run(layer::provide(text, layer::succeed(Service<7>())),
                        [](std::string& s) { return s; });
    });
    CHECK(value == "7");
  }

  TEST_CASE("a null pointer is an error, not a service") {
    CHECK(errorOf(layer::sync([] { return std::shared_ptr<Service<1>>(); })).find("Service<1>") !=
          std::string::npos);
    CHECK_THROWS_AS((void)layer::succeed(std::shared_ptr<Service<1>>()), std::logic_error);
  }

  TEST_CASE("sets of services have no order") {
    const auto l =
        layer::sync([](A& a, std::shared_ptr<B> b, A&) { return C{a.value + b->value}; });
    const layer::Layer<layer::Requires<B, A, B>, layer::Provides<>> other = l;
    CHECK(other == l);
    const layer::Context<A> narrow = run([]() -> asio::awaitable<layer::Context<B, A>> {
      const layer::Scope scope;
      const auto both = layer::merge(layer::succeed(A{1}), layer::succeed(B{2}));
      co_return co_await layer::build(both, scope);
    });
    CHECK(narrow.get<A>().value == 1);
  }
}
