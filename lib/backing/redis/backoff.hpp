#pragma once
/// @file
/// How long to wait before the next attempt.

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <random>

namespace persistance::backing::redis {

/// Exponential pauses with jitter: each is drawn from the upper half of a span that doubles, so
/// that many clients that lost one server do not come back at one moment.
class Backoff {
 public:
  using Duration = std::chrono::microseconds;

  Backoff(Duration first, Duration last, std::uint64_t seed)
      : first_(first), last_(last), span_(first), random_(seed) {}

  [[nodiscard]] Duration next() {
    const auto span = std::max<std::int64_t>(span_.count(), 1);
    span_ = std::min(last_, span_ * 2);
    return Duration(std::uniform_int_distribution<std::int64_t>((span + 1) / 2, span)(random_));
  }

  void reset() noexcept { span_ = first_; }

 private:
  Duration first_;
  Duration last_;
  Duration span_;
  std::minstd_rand random_;
};

}  // namespace persistance::backing::redis
