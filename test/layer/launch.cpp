// A layer as the main of a server.
#include <doctest/doctest.h>

#include "requester.hpp"

using namespace persistance;
using namespace persistance::test;

TEST_SUITE("layer launch") {
  TEST_CASE("launch keeps the layer open until interrupted and then finalizes") {
    EventLog log;
    asio::io_context context;
    Requester server;
    server.start(context, layer::launch(slow<1>(log)));
    context.run_for(std::chrono::milliseconds(20));
    CHECK(log.text() == "acquire1");
    server.cancel();
    runAll(context);
    CHECK(log.text() == "acquire1 release1");
    CHECK(server.aborted());
  }

  TEST_CASE("launch gives up waiting for finalizers at its deadline") {
    EventLog log;
    const auto stuck = layer::scoped([&](layer::Scope& scope) {
      scope.addFinalizer([&]() -> asio::awaitable<void> {
        co_await waitForEver();
        log.add("never");
      });
      return Service<1>();
    });
    asio::io_context context;
    Requester server;
    layer::LaunchOptions options;
    options.shutdownDeadline = std::chrono::milliseconds(30);
    server.start(context, layer::launch(stuck, options));
    context.run_for(std::chrono::milliseconds(20));
    server.cancel();
    for (int i = 0; i < 1000 && server.completions == 0; ++i)
      runAll(context, std::chrono::milliseconds(10));
    REQUIRE(server.error);
    CHECK_THROWS_AS(std::rethrow_exception(server.error), layer::ShutdownTimeout);
    CHECK(log.text().empty());
  }
}
