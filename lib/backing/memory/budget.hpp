#pragma once
/// @file
/// How much a store may hold.

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <limits>

#include <persistance/backing/memory.hpp>

namespace persistance::backing::memory {

/// What entries take.
struct Size {
  std::int64_t entries = 0;
  std::int64_t bytes = 0;
};

/// The limits of a store, and what is held of them.
/// @par Threads  Any number at once.
class Budget {
 public:
  explicit Budget(const MemoryOptions& options) noexcept
      : most_{inRange(options.entryLimit),
              inRange(options.byteLimit ? std::optional(options.byteLimit->bytes())
                                        : std::nullopt)},
        limited_(options.entryLimit || options.byteLimit),
        evicts_(options.whenFull == WhenFull::evict) {}

  /// False: nothing has to be counted.
  [[nodiscard]] bool isLimited() const noexcept { return limited_; }
  [[nodiscard]] bool evicts() const noexcept { return evicts_; }
  /// That much fits where nothing else is.
  [[nodiscard]] bool canHold(const Size& size) const noexcept { return within(size); }

  /// Adds what a write needs, which may be less than nothing; false, and nothing is added: there is no
  /// room for it.
  [[nodiscard]] bool add(const Size& need) noexcept {
    const Size now{entries_.fetch_add(need.entries) + need.entries,
                   bytes_.fetch_add(need.bytes) + need.bytes};
    const bool grows = need.entries > 0 || need.bytes > 0;
    if (!grows || within(now)) return true;
    subtract(need);
    return false;
  }
  [[nodiscard]] bool hasRoom(const Size& need) const noexcept {
    return within(Size{entries_ + need.entries, bytes_ + need.bytes});
  }
  void subtract(const Size& size) noexcept {
    entries_ -= size.entries;
    bytes_ -= size.bytes;
  }

 private:
  template <class Limit>
  static std::int64_t inRange(const std::optional<Limit>& limit) noexcept {
    constexpr auto most = std::numeric_limits<std::int64_t>::max();
    return limit && *limit < static_cast<std::uint64_t>(most) ? static_cast<std::int64_t>(*limit)
                                                              : most;
  }
  [[nodiscard]] bool within(const Size& size) const noexcept {
    return size.entries <= most_.entries && size.bytes <= most_.bytes;
  }

  const Size most_;
  const bool limited_;
  const bool evicts_;
  std::atomic<std::int64_t> entries_ = 0;
  std::atomic<std::int64_t> bytes_ = 0;
};

}  // namespace persistance::backing::memory
