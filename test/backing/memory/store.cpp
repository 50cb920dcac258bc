#include "backing/memory/store.hpp"

#include <doctest/doctest.h>

#include "support/allocation_failure.hpp"
#include "support/collector.hpp"
#include "support/manual_clock.hpp"

using namespace persistance;
using namespace std::chrono_literals;
using backing::Entry;
using backing::memory::MemoryStore;
using StoreClock = test::ManualClock<std::chrono::steady_clock>;

namespace {

// A store's operations complete inline: each gives an empty awaitable.
void done(asio::awaitable<void> operation) { REQUIRE(!operation.valid()); }

std::optional<Unknown> read(MemoryStore& store, const std::string& key) {
  test::Collector sink(1);
  done(store.readOne(key, sink));
  if (!sink.values[0]) return std::nullopt;
  return test::bytesOf(*sink.values[0]);
}

Unknown value(int number) { return Unknown(nlohmann::json(number)); }

void write(MemoryStore& store, const std::string& key, int number,
           std::optional<std::chrono::milliseconds> timeToLive = {}) {
  Entry entry(key, value(number), timeToLive);
  done(store.write({&entry, 1}));
}

}  // namespace

TEST_SUITE("memory store") {
  TEST_CASE("expired entries are swept in bounded steps by the operations that follow") {
    StoreClock clock;
    MemoryStore store(MemoryOptions([&] { return clock.now(); }));
    for (int i = 0; i < 1000; ++i) write(store, "dead " + std::to_string(i), i, 10ms);
    write(store, "alive", 1);
    CHECK(store.size() == 1001);
    clock.advance(10ms);
    std::size_t before = store.size();
    while (store.size() > 1) {
      CHECK(read(store, "alive").has_value());
      REQUIRE(store.size() < before);
      CHECK(before - store.size() <= 4);
      before = store.size();
    }
    CHECK(read(store, "alive") == value(1));
  }

  TEST_CASE("writing short-lived values for ever does not grow the store") {
    StoreClock clock;
    MemoryStore store(MemoryOptions([&] { return clock.now(); }));
    for (int i = 0; i < 20000; ++i) {
      write(store, std::to_string(i), i, 5ms);
      clock.advance(1ms);
      REQUIRE(store.size() <= 10);
    }
  }

  TEST_CASE("removeIfUnchanged leaves a newer value alone") {
    MemoryStore store{MemoryOptions()};
    write(store, "k", 1);
    done(store.removeIfUnchanged("k", value(2).bytes()));
    CHECK(read(store, "k") == value(1));
    done(store.removeIfUnchanged("none", value(2).bytes()));
    done(store.removeIfUnchanged("k", value(1).bytes()));
    CHECK(!read(store, "k"));
  }

  TEST_CASE(
      "bad_alloc at every allocation of a write: the old values stay, the store goes on (C1)") {
    for (const bool persistent : {false, true}) {
      bool clean = false;
      for (int nth = 1; !clean; ++nth) {
        MemoryStore store{MemoryOptions()};
        write(store, "a", 1, 1h);
        write(store, "b", 1);
        std::vector<Entry> entries;
        for (const char* key : {"a", "b", "c", "a key that is too long for the string's own bytes"})
          entries.emplace_back(key, value(2), 2h);
        clean = !test::failsAllocating(nth, persistent, [&] { done(store.write(entries)); });
        CHECK(read(store, "a") == value(clean ? 2 : 1));
        CHECK(read(store, "b") == value(clean ? 2 : 1));
        CHECK(read(store, "c").has_value() == clean);
        CHECK(store.size() == (clean ? 4 : 2));
        write(store, "c", 3);
        CHECK(read(store, "c") == value(3));
        REQUIRE(nth < 100);
      }
    }
  }

  TEST_CASE("an overwriting write of a short key allocates nothing of its own") {
    MemoryStore store{MemoryOptions()};
    write(store, "k", 1);
    Entry entry("k", value(2), {});
    CHECK(test::allocations([&] { done(store.write({&entry, 1})); }) == 0);
    CHECK(read(store, "k") == value(2));
  }
}
