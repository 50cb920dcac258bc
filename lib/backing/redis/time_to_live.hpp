#pragma once
/// @file
/// Times to live, as Redis takes them.

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <string>

namespace persistance::backing::redis {

/// For PX. Redis refuses what does not fit into its 64 bits of milliseconds since 1970: here that
/// is some thirty thousand years.
[[nodiscard]] inline std::string textOf(std::chrono::milliseconds timeToLive) {
  constexpr std::int64_t limit = 1'000'000'000'000'000;
  return std::to_string(std::min<std::int64_t>(timeToLive.count(), limit));
}

}  // namespace persistance::backing::redis
