// Services that outlive what is built.
#include <doctest/doctest.h>
#include <persistance/layer/reference.hpp>

#include "layers.hpp"

using namespace persistance;
using namespace persistance::test;

TEST_SUITE("layer reference") {
  TEST_CASE("an io_context is a service") {
    asio::io_context context;
    const layer::Layer<layer::Requires<>, layer::Provides<asio::io_context>> io =
        layer::reference(context);
    const auto same = [&](asio::io_context& given) { return &given == &context; };
    CHECK(run([&] { return layer::run(io, same); }));
    CHECK(run([&] { return layer::run(layer::succeed(std::ref(context)), same); }));
  }

  TEST_CASE("an object is given under a base class, and is not destroyed") {
    struct Base {
      virtual ~Base() = default;
      virtual int number() { return 1; }
    };
    struct Derived final : Base {
      explicit Derived(bool& gone) : isGone(gone) {}
      ~Derived() override { isGone = true; }
      int number() override { return 2; }
      bool& isGone;
    };
    bool gone = false;
    Derived derived(gone);
    const auto number = [](std::shared_ptr<Base> base) { return base->number(); };
    CHECK(run([&] { return layer::run(layer::reference<Base>(derived), number); }) == 2);
    CHECK(!gone);
  }
}
