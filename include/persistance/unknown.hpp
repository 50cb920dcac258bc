#pragma once
/// @file
/// An encoded value.

#include <atomic>
#include <cstddef>
#include <span>
#include <utility>

#include <nlohmann/json_fwd.hpp>

namespace persistance {

/// An encoded value: MessagePack bytes that say themselves what they are. Backings move it and
/// never look into it. Immutable; a copy shares the bytes and costs one reference count.
///
/// @par Threads  Any number of copies in any number of threads.
class Unknown {
 public:
  /// A stored null, which is a value like any other.
  Unknown() noexcept = default;
  Unknown(const Unknown& other) noexcept : block_(other.block_) {
    if (block_ != nullptr) block_->users.fetch_add(1, std::memory_order_relaxed);
  }
  Unknown(Unknown&& other) noexcept : block_(std::exchange(other.block_, nullptr)) {}
  Unknown& operator=(Unknown other) noexcept {
    swap(*this, other);
    return *this;
  }
  ~Unknown() { release(); }
  friend void swap(Unknown& a, Unknown& b) noexcept { std::swap(a.block_, b.block_); }

  /// Encodes a JSON value, so a raw store is usable as it is: `co_await raw.set("k", json)`.
  /// @par Errors  PersistanceSchemaError ("encode"): NaN or infinity, invalid UTF-8, depth over 64.
  Unknown(const nlohmann::json& value);  // NOLINT(google-explicit-constructor): a value is a value

  /// Takes over encoded bytes as they are: one allocation and one copy. They are checked when they
  /// are decoded, not here.
  [[nodiscard]] static Unknown fromBytes(std::span<const std::byte> bytes);

  /// The encoded bytes; valid as long as this or any copy of it lives.
  [[nodiscard]] std::span<const std::byte> bytes() const noexcept;

  /// Decodes into a JSON tree.
  /// @par Errors  PersistanceSchemaError ("decode"): the bytes are not one whole MessagePack value,
  ///              are nested deeper than 64, or hold what JSON does not have.
  [[nodiscard]] nlohmann::json json() const;

  /// The same bytes.
  friend bool operator==(const Unknown& a, const Unknown& b) noexcept;

 private:
  // In front of the bytes, in one allocation. A handle is one word, so that a table of them is
  // dense: that, and not the reference count, is what a store's speed hangs on.
  struct Block {
    std::atomic<std::size_t> users = 1;
    std::size_t size;
    explicit Block(std::size_t size_) noexcept : size(size_) {}
    std::byte* data() noexcept { return reinterpret_cast<std::byte*>(this + 1); }
  };

  void release() noexcept {
    if (block_ == nullptr) return;
    // The last user needs no atomic write; acquire, so that all others' reads are over.
    if (block_->users.load(std::memory_order_acquire) == 1 ||
        block_->users.fetch_sub(1, std::memory_order_acq_rel) == 1)
      destroy(block_);
  }
  static void destroy(Block* block) noexcept;

  Block* block_ = nullptr;  // null: a stored null
};

}  // namespace persistance
