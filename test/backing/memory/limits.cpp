#include <doctest/doctest.h>

#include "backing/memory/store.hpp"
#include "support/manual_clock.hpp"

using namespace persistance;
using namespace std::chrono_literals;
using backing::memory::MemoryStore;
using StoreClock = test::ManualClock<std::chrono::steady_clock>;

namespace {

class Present final : public backing::Sink {
 public:
  void found(std::size_t, std::span<const std::byte>) override { yes = true; }
  bool yes = false;
};

bool has(MemoryStore& store, const std::string& key) {
  Present present;
  REQUIRE(!store.readOne(key, present).valid());
  return present.yes;
}

Unknown bytes(std::size_t size) {
  return Unknown::fromBytes(std::vector<std::byte>(size, std::byte{1}));
}

/// The BackingErrc that a write of these keys fails with; none: it is done.
std::error_code write(MemoryStore& store, const std::vector<std::string>& keys,
                      std::size_t size = 1,
                      std::optional<std::chrono::milliseconds> timeToLive = {}) {
  std::vector<backing::Entry> entries;
  for (const std::string& key : keys) entries.emplace_back(key, bytes(size), timeToLive);
  try {
    (void)store.write(entries);
  } catch (const backing::Failure& failure) {
    return failure.code();
  }
  return {};
}

MemoryOptions limited(std::size_t entries, WhenFull whenFull = WhenFull::fail) {
  MemoryOptions options;
  options.entryLimit = entries;
  options.whenFull = whenFull;
  return options;
}

std::vector<std::string> numbered(int count) {
  std::vector<std::string> keys;
  for (int i = 0; i < count; ++i) keys.push_back(std::to_string(i));
  return keys;
}

}  // namespace

TEST_SUITE("memory limits") {
  TEST_CASE("the entry over the limit is full, and nothing of its write is there") {
    MemoryStore store(limited(100));
    for (const std::string& key : numbered(100)) CHECK(!write(store, {key}));
    CHECK(write(store, {"more"}) == BackingErrc::full);
    CHECK(write(store, {"1", "more"}) == BackingErrc::full);
    CHECK(!has(store, "more"));
    CHECK(store.size() == 100);
    CHECK(!write(store, {"1", "2"}));  // in place of what is there
    REQUIRE(!store.remove("3").valid());
    CHECK(!write(store, {"more"}));
    CHECK(write(store, {"and more"}) == BackingErrc::full);
    REQUIRE(!store.clear().valid());
    CHECK(!write(store, numbered(100)));
    CHECK(write(store, {"more"}) == BackingErrc::full);
  }

  TEST_CASE("bytes are counted, and given back by a smaller value") {
    MemoryOptions options;
    options.byteLimit = ByteSize::kibi(10);
    MemoryStore store(options);
    CHECK(!write(store, {"a"}, 6000));
    CHECK(write(store, {"b"}, 6000) == BackingErrc::full);
    CHECK(!write(store, {"a"}, 100));
    CHECK(!write(store, {"b"}, 6000));
    CHECK(write(store, {"c"}, 20000) == BackingErrc::full);
  }

  TEST_CASE("what is over takes nobody's place") {
    StoreClock clock;
    MemoryOptions options = limited(100);
    options.clock = [&] { return clock.now(); };
    MemoryStore store(options);
    CHECK(!write(store, numbered(100), 1, 10ms));
    CHECK(write(store, {"more"}) == BackingErrc::full);
    clock.advance(10ms);
    std::vector<std::string> others;
    for (int i = 0; i < 100; ++i) others.push_back("other " + std::to_string(i));
    CHECK(!write(store, others));
    CHECK(store.size() == 100);
  }

  TEST_CASE("exchange keeps to the limit") {
    MemoryStore store(limited(1));
    backing::Exchange first("a", std::nullopt, bytes(1));
    REQUIRE(!store.exchange(first).valid());
    CHECK(first.done);
    backing::Exchange second("b", std::nullopt, bytes(1));
    CHECK_THROWS_AS((void)store.exchange(second), backing::Failure);
    CHECK(!second.done);
    backing::Exchange other("a", bytes(1), bytes(2));
    REQUIRE(!store.exchange(other).valid());
    CHECK(other.done);
    backing::Exchange removal("a", bytes(2), std::nullopt);
    REQUIRE(!store.exchange(removal).valid());
    CHECK(removal.done);
    CHECK(!write(store, {"b"}));
  }

  TEST_CASE("eviction makes room for what is new, and never takes it") {
    MemoryStore store(limited(100, WhenFull::evict));
    for (int i = 0; i < 1000; ++i) {
      const std::string key = std::to_string(i);
      REQUIRE(!write(store, {key}));
      REQUIRE(has(store, key));
      REQUIRE(store.size() <= 100);
    }
    CHECK(store.size() == 100);
  }

  TEST_CASE("eviction spares what is read") {
    MemoryStore store(limited(100, WhenFull::evict));
    const auto kept = numbered(20);
    CHECK(!write(store, kept));
    for (int i = 0; i < 2000; ++i) {
      for (const std::string& key : kept) (void)has(store, key);
      REQUIRE(!write(store, {"new " + std::to_string(i)}));
    }
    for (const std::string& key : kept) CHECK(has(store, key));
  }

  TEST_CASE("eviction by bytes; an entry that is over the limit alone is full") {
    MemoryOptions options;
    options.byteLimit = ByteSize::kibi(100);
    options.whenFull = WhenFull::evict;
    MemoryStore store(options);
    for (const std::string& key : numbered(300)) REQUIRE(!write(store, {key}, 1000));
    CHECK(store.size() > 80);
    CHECK(store.size() < 100);
    CHECK(write(store, {"large"}, 200000) == BackingErrc::full);
    CHECK(store.size() > 80);
    CHECK(!write(store, {"large"}, 90000));
    CHECK(has(store, "large"));
  }

  TEST_CASE("eviction leaves a write whole, and one that never fits changes nothing") {
    MemoryStore store(limited(100, WhenFull::evict));
    CHECK(!write(store, numbered(100)));
    for (const int count : {50, 99, 100}) {
      for (int round = 0; round < 5; ++round) {
        std::vector<std::string> keys;
        for (int i = 0; i < count; ++i)
          keys.push_back(std::to_string(count) + " " + std::to_string(round) + " " +
                         std::to_string(i));
        CHECK(!write(store, keys));
        for (const std::string& key : keys) REQUIRE(has(store, key));
        CHECK(store.size() <= 100);
      }
    }
    const std::size_t size = store.size();
    CHECK(write(store, numbered(101)) == BackingErrc::full);
    CHECK(store.size() == size);
    CHECK(has(store, "100 4 7"));
  }

  TEST_CASE("a limit of none refuses everything") {
    for (const WhenFull whenFull : {WhenFull::fail, WhenFull::evict}) {
      MemoryStore store(limited(0, whenFull));
      CHECK(write(store, {"a"}) == BackingErrc::full);
    }
  }
}
