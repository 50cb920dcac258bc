#pragma once
/// @file
/// One entry of a store in memory.

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <utility>

#include <persistance/backing/store.hpp>

namespace persistance::backing::memory {

using TimePoint = std::chrono::steady_clock::time_point;

/// A key and its value in one block, which those who read the value share with the store: they need
/// neither a lock nor a copy. Two blocks an entry would cost a store of small values a third more.
///
/// @par Threads  What it holds never changes but for wasRead, which the lock of its shard guards.
class Record {
 public:
  /// Counts one user.
  class Pointer {
   public:
    Pointer() noexcept = default;
    explicit Pointer(Record* adopted) noexcept : record_(adopted) {}
    Pointer(Pointer&& other) noexcept : record_(std::exchange(other.record_, nullptr)) {}
    Pointer& operator=(Pointer other) noexcept {
      std::swap(record_, other.record_);
      return *this;
    }
    ~Pointer() {
      if (record_ != nullptr) record_->release();
    }

    [[nodiscard]] static Pointer share(Record& record) noexcept {
      record.users_.fetch_add(1, std::memory_order_relaxed);
      return Pointer(&record);
    }
    [[nodiscard]] Record* leak() noexcept { return std::exchange(record_, nullptr); }

    explicit operator bool() const noexcept { return record_ != nullptr; }
    Record* operator->() const noexcept { return record_; }
    Record& operator*() const noexcept { return *record_; }

   private:
    Record* record_ = nullptr;
  };

  /// @par Errors  Failure, `tooLarge`: a value of 4 GiB and more.
  [[nodiscard]] static Pointer make(std::string_view key, std::span<const std::byte> value,
                                    std::optional<TimePoint> end);

  [[nodiscard]] std::string_view key() const noexcept {
    return {reinterpret_cast<const char*>(data()), keySize()};
  }
  [[nodiscard]] std::span<const std::byte> value() const noexcept {
    return {data() + keySize(), valueSize_};
  }
  /// When its time to live runs out; nullopt: never.
  [[nodiscard]] std::optional<TimePoint> end() const noexcept;
  [[nodiscard]] bool expires() const noexcept { return expires_; }

  /// Somebody read it since an eviction passed by.
  [[nodiscard]] bool wasRead() const noexcept { return wasRead_; }
  void setWasRead(bool wasRead) noexcept {
    if (wasRead_ != wasRead) wasRead_ = wasRead;  // a write takes the record from other cores
  }

  /// How many bytes the store pays for it, about: the block and its place in the table.
  [[nodiscard]] std::size_t footprint() const noexcept;

 private:
  Record(std::size_t keySize, std::size_t valueSize, bool expires) noexcept
      : valueSize_(static_cast<std::uint32_t>(valueSize)),
        keySize_(static_cast<std::uint16_t>(keySize)),
        keyIsLongest_(keySize == maxKeySize),
        expires_(expires) {}

  [[nodiscard]] std::size_t headSize() const noexcept {
    return sizeof(Record) + (expires_ ? sizeof(TimePoint) : 0);
  }
  [[nodiscard]] std::size_t keySize() const noexcept {
    return keyIsLongest_ ? maxKeySize : keySize_;
  }
  [[nodiscard]] const std::byte* data() const noexcept {
    return reinterpret_cast<const std::byte*>(this) + headSize();
  }
  void release() noexcept {
    // The last user needs no atomic write; acquire, so that all others' reads are over.
    if (users_.load(std::memory_order_acquire) == 1 ||
        users_.fetch_sub(1, std::memory_order_acq_rel) == 1)
      destroy();
  }
  void destroy() noexcept;

  // The end, the key and the value follow.
  std::atomic<std::uint32_t> users_ = 1;
  std::uint32_t valueSize_;
  std::uint16_t keySize_;  // its lower half
  bool keyIsLongest_ : 1;  // one bit more of it
  bool expires_ : 1;
  bool wasRead_ = false;  // a byte of its own: others read what is around it
};

}  // namespace persistance::backing::memory
