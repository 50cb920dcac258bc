#include "backing/memory/store.hpp"

#include <doctest/doctest.h>

#include <thread>

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
  TEST_CASE("writing short-lived values for ever does not grow the store") {
    StoreClock clock;
    MemoryStore store(MemoryOptions([&] { return clock.now(); }));
    for (int i = 0; i < 20000; ++i) {
      write(store, std::to_string(i), i, 5ms);
      clock.advance(1ms);
      REQUIRE(store.size() <= 400);
    }
  }

  TEST_CASE("setMany of short-lived values for ever does not grow the store") {
    StoreClock clock;
    MemoryStore store(MemoryOptions([&] { return clock.now(); }));
    for (int round = 0; round < 200; ++round) {
      std::vector<Entry> entries;
      for (int i = 0; i < 1000; ++i)
        entries.emplace_back(std::to_string(1000 * round + i), value(i), 5ms);
      done(store.write(entries));
      clock.advance(1ms);
      REQUIRE(store.size() <= 8000);  // 5,000 live
    }
  }

  TEST_CASE("sweepAll removes what is over, and says whether more will be") {
    StoreClock clock;
    MemoryStore store(MemoryOptions([&] { return clock.now(); }));
    for (int i = 0; i < 1000; ++i) write(store, "short " + std::to_string(i), i, 100ms);
    write(store, "long", 1, 1h);
    write(store, "for ever", 1);
    CHECK(store.sweepAll());
    CHECK(store.size() == 1002);
    clock.advance(100ms);
    CHECK(store.sweepAll());
    CHECK(store.size() == 2);
    clock.advance(1h);
    CHECK_FALSE(store.sweepAll());
    CHECK(store.size() == 1);
    CHECK(read(store, "for ever") == value(1));
  }

  TEST_CASE("what is over goes by time, though nobody touches the store") {
    const auto store = std::make_shared<MemoryStore>(MemoryOptions());
    for (int round = 0; round < 2; ++round) {  // the second time the thread has to begin anew
      for (int i = 0; i < 1000; ++i) write(*store, std::to_string(i), i, 1ms);
      const auto deadline = std::chrono::steady_clock::now() + 30s;
      while (store->size() > 0 && std::chrono::steady_clock::now() < deadline)
        std::this_thread::sleep_for(10ms);
      CHECK(store->size() == 0);
    }
  }

  TEST_CASE("a clock that throws fails operations, and does no harm to the thread that sweeps") {
    std::atomic<bool> broken = false;
    const MemoryOptions options([&] {
      if (broken) throw std::runtime_error("no time");
      return std::chrono::steady_clock::now();
    });
    const auto store = std::make_shared<MemoryStore>(options);
    write(*store, "k", 1, 1h);
    broken = true;
    CHECK(store->sweepAll());
    CHECK_THROWS_AS(read(*store, "k"), std::runtime_error);
    CHECK_THROWS_AS(write(*store, "other", 1, 1h), std::runtime_error);
    broken = false;
    CHECK(read(*store, "k") == value(1));
    CHECK(store->size() == 1);
  }

  TEST_CASE("clear frees large tables elsewhere, and the store goes on") {
    MemoryStore store{MemoryOptions()};
    std::vector<Entry> entries;
    for (int i = 0; i < 1000; ++i)
      entries.emplace_back("short " + std::to_string(i), value(i), std::nullopt);
    done(store.write(entries));
    for (int i = 0; i < 1000; ++i) write(store, std::to_string(i), i);
    CHECK(test::allocations([&] { done(store.clear()); }) < 10);
    CHECK(store.size() == 0);
    write(store, "k", 1);
    CHECK(read(store, "k") == value(1));
  }

  TEST_CASE("each store hashes in its own way") {
    const backing::memory::Hash one;
    const backing::memory::Hash other;
    int same = 0;
    for (int i = 0; i < 100; ++i)
      if (one(std::to_string(i)) == other(std::to_string(i))) ++same;
    CHECK(same == 0);
  }

  TEST_CASE("the longest key, and those of all bytes") {
    MemoryStore store{MemoryOptions()};
    for (const std::string& key :
         {std::string(65536, 'k'), std::string(65535, 'k'), std::string(), std::string("\0", 1)}) {
      write(store, key, static_cast<int>(key.size()), 1h);
      CHECK(read(store, key) == value(static_cast<int>(key.size())));
    }
    CHECK(store.size() == 4);
  }

  TEST_CASE("exchange compares all bytes, and what is over is nothing") {
    StoreClock clock;
    MemoryStore store(MemoryOptions([&] { return clock.now(); }));
    const auto exchange = [&](std::optional<Unknown> expected, std::optional<Unknown> desired) {
      backing::Exchange one("k", std::move(expected), std::move(desired), 10ms);
      done(store.exchange(one));
      return one.done;
    };
    CHECK(!exchange(value(1), value(2)));
    CHECK(exchange(std::nullopt, value(1)));
    CHECK(!exchange(std::nullopt, value(2)));
    CHECK(!exchange(value(2), value(3)));
    CHECK(exchange(value(1), value(2)));
    CHECK(read(store, "k") == value(2));
    clock.advance(10ms);
    CHECK(!exchange(value(2), value(3)));
    CHECK(exchange(std::nullopt, value(4)));
    CHECK(exchange(value(4), std::nullopt));
    CHECK(exchange(std::nullopt, std::nullopt));
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

  TEST_CASE("a write allocates one block, whatever the key") {
    MemoryStore store{MemoryOptions()};
    write(store, "k", 1);
    Entry entry("k", value(2), {});
    CHECK(test::allocations([&] { done(store.write({&entry, 1})); }) == 1);
    CHECK(read(store, "k") == value(2));
  }
}
