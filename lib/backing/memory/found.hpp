#pragma once
/// @file
/// What a read of one key takes with it.

#include "backing/memory/record.hpp"

#include <array>

namespace persistance::backing::memory {

/// What a read of one key found. A small value is copied, which keeps threads that read the same
/// records from writing to them; a large one is shared.
class Found {
 public:
  explicit operator bool() const noexcept { return isFound_; }
  [[nodiscard]] std::span<const std::byte> value() const noexcept {
    return shared_ ? shared_->value() : std::span<const std::byte>(copy_.data(), size_);
  }
  [[nodiscard]] std::optional<TimePoint> end() const noexcept { return end_; }

  /// Under the lock of the record's shard.
  void take(Record& record) noexcept;

 private:
  bool isFound_ = false;
  std::size_t size_ = 0;
  std::optional<TimePoint> end_;
  Record::Pointer shared_;
  std::array<std::byte, 256> copy_;  // NOLINT: size_ says how many are set
};

}  // namespace persistance::backing::memory
