#include "backing/memory/table.hpp"

#include <doctest/doctest.h>

#include <map>
#include <random>
#include <string>

#include "support/allocation_failure.hpp"

using namespace persistance;
using backing::memory::Record;
using backing::memory::Slot;
using backing::memory::Table;

namespace {

Record::Pointer record(const std::string& key, const std::string& value = "v") {
  return Record::make(key, std::as_bytes(std::span(value)), std::nullopt);
}

std::string valueAt(const Table& table, std::size_t index) {
  const auto bytes = table.at(index).record->value();
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

bool isOrdered(const Table& table) {
  std::uint32_t last = 0;
  std::size_t count = 0;
  for (std::size_t i = 0; i < table.slots(); ++i) {
    if (table.at(i).hash == 0) continue;
    if (table.at(i).hash < last) return false;
    last = table.at(i).hash;
    ++count;
  }
  return count == table.size();
}

/// Plays random changes on a table and on a map, with hashes from `least` on.
void play(unsigned seed, std::uint32_t least, std::uint32_t range, std::size_t keys) {
  std::mt19937 random(seed);
  const auto below = [&](std::size_t limit) {
    return std::uniform_int_distribution<std::size_t>(0, limit - 1)(random);
  };
  const auto hashOf = [&](const std::string& key) {
    return least + static_cast<std::uint32_t>(std::hash<std::string>()(key) % range);
  };
  Table table;
  std::map<std::string, std::string> model;
  for (int i = 0; i < 3000; ++i) {
    const std::string key = std::to_string(below(keys));
    const std::string value = std::to_string(i);
    const std::size_t index = table.find(hashOf(key), key);
    REQUIRE((index != Table::none) == model.contains(key));
    if (below(3) == 0) {
      if (index == Table::none) continue;
      CHECK(table.take(index)->key() == key);
      model.erase(key);
      table.shrink();
    } else if (index == Table::none) {
      table.insert(hashOf(key), record(key, value), 0);
      model[key] = value;
    } else {
      CHECK(table.replace(index, record(key, value), 0)->key() == key);
      model[key] = value;
    }
    REQUIRE(isOrdered(table));
  }
  REQUIRE(table.size() == model.size());
  for (const auto& [key, value] : model)
    CHECK(valueAt(table, table.find(hashOf(key), key)) == value);
}

}  // namespace

TEST_SUITE("memory table") {
  TEST_CASE("the same as a map: spread hashes, few hashes, one hash, and those at the end") {
    play(1, 1, 0xfffffffe, 200);
    play(2, 1, 5, 60);
    play(3, 7, 1, 40);
    play(4, 0xfffffff0, 16, 200);
    play(5, 0xffffffff, 1, 100);
  }

  TEST_CASE("a table of nothing has nothing") {
    const Table table;
    CHECK(table.find(1, "") == Table::none);
    CHECK(table.from(1) == 0);
    CHECK(table.slots() == 0);
  }

  TEST_CASE("from() goes to the first that is not less") {
    Table table;
    for (std::uint32_t i = 1; i <= 100; ++i) table.insert(i << 24, record(std::to_string(i)), 0);
    for (std::uint32_t i = 1; i <= 100; ++i) {
      CHECK(table.at(table.from(i << 24)).record->key() == std::to_string(i));
      std::size_t next = table.from((i << 24) + 1);
      while (next < table.slots() && table.at(next).hash == 0) ++next;
      CHECK((next == table.slots()) == (i == 100));
      if (i < 100) CHECK(table.at(next).record->key() == std::to_string(i + 1));
    }
  }

  TEST_CASE("a table that was large gives its memory back") {
    Table table;
    for (std::uint32_t i = 1; i <= 10000; ++i)
      table.insert(i * 400000, record(std::to_string(i)), 0);
    CHECK(table.slots() < 10000 * 2);
    for (std::uint32_t i = 1; i <= 10000; ++i) {
      (void)table.take(table.find(i * 400000, std::to_string(i)));
      table.shrink();
    }
    CHECK(table.size() == 0);
    CHECK(table.slots() < 32);
  }

  TEST_CASE("bad_alloc while it grows changes nothing (C1)") {
    Table table;
    for (std::uint32_t i = 1; i <= 7; ++i) table.insert(i << 24, record(std::to_string(i)), 0);
    Record::Pointer next = record("8");
    CHECK(test::failsAllocating(1, false, [&] { table.insert(8 << 24, std::move(next), 0); }));
    CHECK(table.size() == 7);
    CHECK(isOrdered(table));
    for (std::uint32_t i = 1; i <= 7; ++i)
      CHECK(table.find(i << 24, std::to_string(i)) != Table::none);
  }
}
