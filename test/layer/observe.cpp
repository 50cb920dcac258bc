// What is told of a build, and how long it may take.
#include <doctest/doctest.h>

#include <map>

#include "failing_layers.hpp"
#include "requester.hpp"

using namespace persistance;
using namespace persistance::test;

namespace {

layer::Observer into(EventLog& log) {
  return [&log](const layer::LayerEvent& event) {
    using Kind = layer::LayerEvent::Kind;
    static const std::map<Kind, std::string> words{{Kind::began, "began"},
                                                   {Kind::ended, "ended"},
                                                   {Kind::failed, "failed"},
                                                   {Kind::releaseBegan, "releasing"},
                                                   {Kind::releaseEnded, "released"}};
    const std::string name(event.layer);
    log.add(words.at(event.kind) + name[name.find('<') + 1]);
    CHECK(event.duration.count() >= 0);
  };
}

}  // namespace

TEST_SUITE("layer observe") {
  TEST_CASE("an observer is told of each function below, and of nothing else") {
    EventLog log;
    EventLog told;
    const auto l = layer::observe(layer::provide(needing<2>(log), slow<1>(log)), into(told));
    buildAndClose(l);
    CHECK(told.text() == "began1 ended1 began2 ended2 releasing2 released2 releasing1 released1");
  }

  TEST_CASE("an observer is told of a failure, and what it throws changes nothing") {
    EventLog log;
    EventLog told;
    const auto l = layer::observe(layer::provide(needing<2>(log), failing<1>(log)), into(told));
    CHECK(errorOf(l) == "failed!");
    CHECK(told.text() == "began1 failed1");
    const auto throws =
        layer::observe(slow<1>(log), [](const layer::LayerEvent&) { throw Failed("observer"); });
    CHECK(errorOf(throws).empty());
  }

  TEST_CASE("a build that takes longer than its timeout is cancelled, released, and fails") {
    EventLog log;
    const auto endless =
        layer::scoped([&](Service<1>&, layer::Scope& scope) -> asio::awaitable<Service<2>> {
          scope.addFinalizer([&] { log.add("release2"); });
          co_await waitForEver();
          co_return Service<2>();
        });
    const auto l =
        layer::timeout(layer::provide(endless, slow<1>(log)), std::chrono::milliseconds(20));
    try {
      buildAndClose(l);
      FAIL("built");
    } catch (const layer::BuildTimeout& error) {
      CHECK(error.layer().find("Service<2>") != std::string::npos);
    }
    CHECK(log.text() == "acquire1 release2 release1");
  }

  TEST_CASE("a build that is in time does not wait for its timeout") {
    EventLog log;
    buildAndClose(layer::timeout(slow<1>(log), std::chrono::hours(1)));
    CHECK(log.text() == "acquire1 release1");
    const auto recovered =
        layer::orElse(layer::timeout(layer::effectDiscard([] { return waitForEver(); }),
                                     std::chrono::milliseconds(5)),
                      layer::empty);
    buildAndClose(recovered);
  }
}
