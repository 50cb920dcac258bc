#include "backing/redis/backoff.hpp"

#include <doctest/doctest.h>

using namespace persistance;
using namespace persistance::backing::redis;

TEST_SUITE("redis backoff") {
  TEST_CASE("backoff: doubles up to the last, each from the upper half, the same for one seed") {
    using std::chrono::milliseconds;
    Backoff backoff(milliseconds(10), milliseconds(100), 42);
    Backoff same(milliseconds(10), milliseconds(100), 42);
    Backoff other(milliseconds(10), milliseconds(100), 43);
    bool differs = false;
    for (int i = 0; i < 20; ++i) {
      const auto span = std::min(milliseconds(100), milliseconds(10) * (1 << std::min(i, 10)));
      const auto next = backoff.next();
      CHECK(next <= span);
      CHECK(next * 2 >= span);
      CHECK(next == same.next());
      differs = differs || next != other.next();
    }
    CHECK(differs);
    backoff.reset();
    CHECK(backoff.next() <= milliseconds(10));
  }
}
