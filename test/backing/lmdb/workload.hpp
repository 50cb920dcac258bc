#pragma once
/// @file
/// The writes of the crash tests, numbered: what number n writes, and what must be there when the
/// writes 1..k were applied and no others.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "support.hpp"

namespace persistance::test {

/// Write n puts three keys at once: one of its own, one of a ring that is overwritten over and over
/// with values of all sizes, and the number of the latest.
class Workload {
 public:
  static constexpr std::uint64_t ring = 37;

  static std::string ownKey(std::uint64_t n) { return "own " + std::to_string(n); }
  static std::string ringKey(std::uint64_t n) { return "ring " + std::to_string(n % ring); }
  static constexpr const char* latestKey = "latest";

  static std::string value(std::uint64_t n) {
    const std::size_t sizes[] = {0, 10, 100, 1000, 5000, 9000};
    std::string text = std::to_string(n) + ":";
    text.append(sizes[n % 6], static_cast<char>('a' + n % 26));
    return text;
  }

  static std::vector<Entry> write(std::uint64_t n) {
    std::vector<Entry> entries;
    std::optional<std::chrono::milliseconds> timeToLive;
    if (n % 4 == 0) timeToLive = std::chrono::hours(24);
    entries.push_back(entry(ownKey(n), std::to_string(n), timeToLive));
    entries.push_back(entry(ringKey(n), value(n)));
    entries.push_back(entry(latestKey, std::to_string(n)));
    return entries;
  }

  /// Which write the store stands at, where it stands exactly after one; else what is wrong.
  static asio::awaitable<std::optional<std::uint64_t>> standsAt(Client store, std::string& wrong) {
    const auto latest = co_await store.get(latestKey);
    const std::uint64_t k = latest ? std::stoull(*latest) : 0;
    std::vector<std::string> keys;
    for (std::uint64_t n = 1; n <= k + 20; ++n) keys.push_back(ownKey(n));
    const Values own = co_await store.getMany(keys);
    for (std::uint64_t n = 1; n <= k + 20; ++n)
      if (own[n - 1] != (n <= k ? std::optional(std::to_string(n)) : std::nullopt)) {
        wrong = "at " + std::to_string(k) + " write " + std::to_string(n) + " is wrong";
        co_return std::nullopt;
      }
    for (std::uint64_t n = k; n > 0 && n + ring > k; --n)
      if (co_await store.get(ringKey(n)) != value(n)) {
        wrong = "at " + std::to_string(k) + " the ring is wrong at " + std::to_string(n);
        co_return std::nullopt;
      }
    co_return k;
  }
};

}  // namespace persistance::test
