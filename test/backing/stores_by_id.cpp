#include "backing/stores_by_id.hpp"

#include <doctest/doctest.h>

using namespace persistance;

TEST_SUITE("backing stores by id") {
  TEST_CASE("one store for one id, closed after close()") {
    backing::StoresById<std::size_t> stores;
    const auto make = [](std::size_t ordinal) { return std::make_shared<std::size_t>(ordinal); };
    const auto a = stores.open("a", make);
    const auto b = stores.open("b", make);
    CHECK(*a == 0);
    CHECK(*b == 1);
    CHECK(stores.open("a", make) == a);
    CHECK(stores.close().size() == 2);
    CHECK(stores.close().empty());
    CHECK_THROWS_AS((void)stores.open("a", make), backing::Failure);
  }

  TEST_CASE("a store that could not be made is made by the next call") {
    backing::StoresById<int> stores;
    const auto fail = [](std::size_t) -> std::shared_ptr<int> { throw std::bad_alloc(); };
    CHECK_THROWS_AS((void)stores.open("a", fail), std::bad_alloc);
    CHECK(*stores.open("a", [](std::size_t) { return std::make_shared<int>(7); }) == 7);
  }
}
