// The picture of a layer.
#include <doctest/doctest.h>

#include "layers.hpp"

using namespace persistance;
using namespace persistance::test;

TEST_SUITE("layer graph") {
  TEST_CASE("graph draws each service once, and what it requires") {
    struct Config {};
    struct Database {};
    struct Users {};
    struct Cache {};
    struct App {};
    const auto config = layer::succeed(Config());
    const auto database = layer::provide(layer::sync([](Config&) { return Database(); }), config);
    const auto users = layer::provide(layer::sync([](Database&) { return Users(); }), database);
    const auto cache =
        layer::orElse(layer::provide(layer::sync([](Database&) { return Cache(); }), database),
                      layer::suspend([] { return layer::succeed(Cache()); }));
    const auto app =
        layer::provide(layer::sync([](Users&, Cache&) { return App(); }), users, cache);
    const std::string picture = layer::graph(app);
    const auto count = [&](const std::string& text) {
      int n = 0;
      for (auto at = picture.find(text); at != std::string::npos; at = picture.find(text, at + 1))
        ++n;
      return n;
    };
    INFO(picture);
    CHECK(picture.starts_with("flowchart TD\n"));
    CHECK(count("Config\"") == 1);
    CHECK(count("Database\"") == 1);
    CHECK(count("Users\"") == 1);
    CHECK(count("App\"") == 1);
    CHECK(count("[/\"suspend\"/]") == 1);
    CHECK(count(" --> ") == 5);
    CHECK(count(" -. or else .-> ") == 1);
    CHECK(layer::graph(layer::sync([](Users&) { return App(); })).find(">\"") != std::string::npos);
  }

  TEST_CASE("graph draws what it builds") {
    EventLog log;
    const auto one = logged<1>(log);
    const auto two = layer::sync([](Service<1>&) { return Service<2>(); });
    CHECK(layer::graph(layer::merge(layer::provide(two, one), layer::fresh(one))) ==
          "flowchart TD\n"
          "  s0[\"persistance::test::Service#lt;1#gt;\"]\n"
          "  s1[\"persistance::test::Service#lt;2#gt;\"]\n"
          "  s2[\"persistance::test::Service#lt;1#gt;\"]\n"
          "  s1 --> s0\n");
    CHECK(log.text().empty());
  }
}
