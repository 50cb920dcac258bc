#include <persistance/detail/lifeline.hpp>

#include <doctest/doctest.h>

#include <optional>
#include <thread>
#include <vector>

using namespace persistance;

namespace {

struct Thing final : detail::Lifeline {
  explicit Thing(std::atomic<int>& count) : alive(count) { ++alive; }
  ~Thing() override { --alive; }
  std::atomic<int>& alive;
};

using Handle = detail::Held<const Thing>;

}  // namespace

TEST_SUITE("detail lifeline") {
  TEST_CASE("an object goes with its last handle") {
    std::atomic<int> alive = 0;
    {
      const Handle one(new Thing(alive));
      std::optional<Handle> other(one);
      other.reset();
      CHECK(alive == 1);
    }
    CHECK(alive == 0);
  }

  TEST_CASE("an object outlives its handles while operations run, from whichever thread") {
    std::atomic<int> alive = 0;
    std::vector<detail::Lease> leases;
    {
      const Handle handle(new Thing(alive));
      for (int i = 0; i < 20; ++i) std::thread([&] { leases.push_back(handle.lease()); }).join();
      (void)handle.lease();
    }
    while (!leases.empty()) {
      CHECK(alive == 1);
      leases.pop_back();
    }
    CHECK(alive == 0);
  }

  TEST_CASE("operations end and handles go on many threads at once: one destruction") {
    std::atomic<int> alive = 0;
    for (int round = 0; round < 200; ++round) {
      std::vector<std::thread> crew;
      {
        const Handle handle(new Thing(alive));
        for (int i = 0; i < 4; ++i)
          crew.emplace_back([mine = handle] {
            std::vector<detail::Lease> leases;
            for (int k = 0; k < 50; ++k) {
              leases.push_back(mine.lease());
              if (k % 3 == 0) leases.pop_back();
              const Handle copy = mine;
              (void)copy.lease();
            }
          });
      }
      for (std::thread& thread : crew) thread.join();
      REQUIRE(alive == 0);
    }
  }
}
