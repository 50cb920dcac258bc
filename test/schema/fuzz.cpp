// The fuzz targets on the corpus and on mutations of good values, in every build; libFuzzer itself
// runs them where it is built (-Dfuzz=true).
#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>
#include <random>

#include "fuzz/target.hpp"

namespace {

using namespace persistance;
using namespace persistance::test;
using Bytes = std::vector<std::byte>;

Bytes bytesOf(const Unknown& value) { return {value.bytes().begin(), value.bytes().end()}; }

void tryBoth(const Bytes& bytes) {
  tryDecode(bytes);
  tryJson(bytes);
}

std::vector<Bytes> corpus() {
  std::vector<Bytes> all;
  for (const auto& entry : std::filesystem::directory_iterator(PERSISTANCE_CORPUS)) {
    std::ifstream file(entry.path(), std::ios::binary);
    const std::string text((std::istreambuf_iterator<char>(file)), {});
    const auto bytes = std::as_bytes(std::span(text));
    all.emplace_back(bytes.begin(), bytes.end());
  }
  return all;
}

void mutate(Bytes& bytes, const Bytes& other, std::mt19937_64& random) {
  static constexpr unsigned char telling[] = {0x00, 0x7f, 0x80, 0x8f, 0x90, 0xa0, 0xbf,
                                              0xc0, 0xc1, 0xc4, 0xc9, 0xcb, 0xcf, 0xd3,
                                              0xd8, 0xdb, 0xdd, 0xdf, 0xff};
  if (bytes.empty()) bytes.push_back(std::byte{0xc0});
  const auto below = [&](std::size_t count) { return count == 0 ? 0 : random() % count; };
  const auto at = static_cast<std::ptrdiff_t>(below(bytes.size()));
  switch (random() % 5) {
    case 0: bytes[static_cast<std::size_t>(at)] ^= std::byte{1} << (random() % 8); break;
    case 1: bytes[static_cast<std::size_t>(at)] = std::byte{telling[below(sizeof telling)]}; break;
    case 2: bytes.insert(bytes.begin() + at, std::byte{telling[below(sizeof telling)]}); break;
    case 3: bytes.erase(bytes.begin() + at); break;
    default: {
      const std::size_t from = below(other.size());
      const std::size_t size = std::min(below(20), other.size() - from);
      bytes.insert(bytes.begin() + at, other.begin() + static_cast<std::ptrdiff_t>(from),
                   other.begin() + static_cast<std::ptrdiff_t>(from + size));
    }
  }
}

}  // namespace

TEST_SUITE("schema fuzz") {
  TEST_CASE("the corpus") {
    const std::vector<Bytes> all = corpus();
    CHECK(all.size() >= 10);
    for (const Bytes& bytes : all) CHECK_NOTHROW(tryBoth(bytes));
  }

  TEST_CASE("good values are taken") {
    for (const Unknown& value : richValues()) CHECK_NOTHROW(tryBoth(bytesOf(value)));
  }

  TEST_CASE("good values, cut at every byte and with every bit flipped") {
    for (const Unknown& value : richValues()) {
      const Bytes whole = bytesOf(value);
      for (std::size_t size = 0; size < whole.size(); ++size)
        tryBoth(Bytes(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(size)));
      for (std::size_t bit = 0; bit < 8 * whole.size(); ++bit) {
        Bytes flipped = whole;
        flipped[bit / 8] ^= std::byte{1} << (bit % 8);
        tryBoth(flipped);
      }
    }
  }

  TEST_CASE("good values, mutated over and over") {
    std::vector<Bytes> start = corpus();
    for (const Unknown& value : richValues()) start.push_back(bytesOf(value));
    const std::uint64_t seed = std::random_device()();
    MESSAGE("seed " << seed);
    std::mt19937_64 random(seed);
    for (int round = 0; round < 3000; ++round) {
      Bytes bytes = start[random() % start.size()];
      const std::size_t changes = 1 + random() % 4;
      for (std::size_t i = 0; i < changes; ++i)
        mutate(bytes, start[random() % start.size()], random);
      CAPTURE(seed);
      CAPTURE(round);
      tryBoth(bytes);
    }
  }
}
