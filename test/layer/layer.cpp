#include <persistance/layer.hpp>

#include <doctest/doctest.h>

#include "support/event_log.hpp"
#include "support/run.hpp"

using namespace persistance;
using layer::Layer;
using layer::Provides;
using layer::Requires;
using test::EventLog;

namespace {

template <int N>
struct Service {
  int value = N;
};

// Logs "acquireN" and "releaseN".
template <int N>
Layer<Requires<>, Provides<Service<N>>> logged(EventLog& log) {
  return layer::scoped<Service<N>>(
      [&log](layer::Scope& scope) -> asio::awaitable<std::shared_ptr<Service<N>>> {
        log.add("acquire" + std::to_string(N));
        scope.addFinalizer([&log]() -> asio::awaitable<void> {
          log.add("release" + std::to_string(N));
          co_return;
        });
        co_return std::make_shared<Service<N>>();
      });
}

template <class L>
void buildAndClose(const L& l) {
  test::run([&]() -> asio::awaitable<void> {
    const layer::Scope scope;
    co_await layer::build(l, scope);
    co_await scope.close();
  });
}

}  // namespace

TEST_SUITE("layer") {
  TEST_CASE("sharing with merge") {
    EventLog log;
    const auto one = logged<1>(log);
    buildAndClose(layer::merge(one, one));
    CHECK(log.text() == "acquire1 release1");
  }

  TEST_CASE("finalizers with provide") {
    EventLog log;
    buildAndClose(layer::provide(logged<2>(log), logged<1>(log)));
    CHECK(log.text() == "acquire1 acquire2 release2 release1");
  }

  TEST_CASE("with identical fresh layers") {
    EventLog log;
    const auto one = logged<1>(log);
    const auto l = layer::provide(
        layer::merge(logged<2>(log), layer::fresh(layer::provide(logged<3>(log), one))),
        layer::fresh(one));
    buildAndClose(l);
    CHECK(log.text() == "acquire1 acquire2 acquire1 acquire3 release3 release1 release2 release1");
  }

  TEST_CASE("required services are read from the parameters") {
    const auto sum = layer::sync([](Service<1>& a, std::shared_ptr<Service<2>> b) {
      return std::make_unique<Service<3>>(Service<3>{a.value * 100 + b->value});
    });
    static_assert(
        std::is_same_v<decltype(sum),
                       const Layer<Requires<Service<1>, Service<2>>, Provides<Service<3>>>>);
    const Layer<Requires<Service<2>, Service<1>>, Provides<Service<3>>> swapped = sum;
    CHECK(swapped == sum);
    const auto all =
        layer::provide(swapped, layer::succeed(Service<1>{}), layer::succeed(Service<2>{}));
    const int value = test::run([&]() -> asio::awaitable<int> {
      co_return co_await layer::run(all, [](Service<3>& s) { return s.value; });
    });
    CHECK(value == 102);
  }

  TEST_CASE("launch keeps the layer open until interrupted and then finalizes") {
    EventLog log;
    asio::io_context context;
    asio::cancellation_signal stop;
    auto ended = [&log](const std::exception_ptr& error) {
      CHECK_THROWS_AS(std::rethrow_exception(error), std::system_error);
      log.add("ended");
    };
    const auto l = layer::provide(logged<2>(log), logged<1>(log));
    asio::co_spawn(context, layer::launch(l), asio::bind_cancellation_slot(stop.slot(), ended));
    context.run_for(std::chrono::milliseconds(50));
    CHECK(log.text() == "acquire1 acquire2");
    stop.emit(asio::cancellation_type::terminal);
    context.restart();
    context.run_for(std::chrono::seconds(10));
    CHECK(log.text() == "acquire1 acquire2 release2 release1 ended");
  }
}
