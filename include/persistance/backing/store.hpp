#pragma once
/// @file
/// The contract that a backing implements: bytes under keys.

#include <chrono>
#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <system_error>

#include <persistance/asio.hpp>
#include <persistance/error.hpp>
#include <persistance/key_query.hpp>
#include <persistance/unknown.hpp>

namespace persistance::backing {

/// The longest key that any store takes, in bytes. A longer one is refused before a backing sees it.
inline constexpr std::size_t maxKeySize = 65536;

/// What a backing throws, at the call or from the awaitable; Persistance makes it a
/// PersistanceBackingError with method and key. So it does with any other exception but
/// `operation_aborted` and `bad_alloc`: that is `unavailable`, with the exception as its cause.
class Failure : public std::system_error {
 public:
  explicit Failure(BackingErrc code, const std::string& detail = {})
      : std::system_error(make_error_code(code), detail), detail_(detail) {}

  [[nodiscard]] const std::string& detail() const noexcept { return detail_; }

 private:
  std::string detail_;
};

/// One write.
struct Entry {
  std::string key;
  Unknown value;
  /// How long the value lives, more than zero; nullopt: for ever. Each write replaces the value and
  /// its time to live together.
  std::optional<std::chrono::milliseconds> timeToLive;

  Entry() = default;
  Entry(std::string key_, Unknown value_, std::optional<std::chrono::milliseconds> timeToLive_)
      : key(std::move(key_)), value(std::move(value_)), timeToLive(timeToLive_) {}
};

/// A write of one key that happens only if the key holds what is expected: compare and set. A value
/// whose time to live has run out counts as nothing.
struct Exchange {
  std::string key;
  std::optional<Unknown> expected;  ///< Exactly these bytes; nullopt: nothing is stored.
  std::optional<Unknown> desired;   ///< What is stored then; nullopt: nothing, the key is removed.
  std::optional<std::chrono::milliseconds> timeToLive;  ///< Of `desired`, as an Entry's.
  bool done = false;  ///< The answer: it was as expected, and is as desired.

  Exchange(std::string key_, std::optional<Unknown> expected_, std::optional<Unknown> desired_,
           std::optional<std::chrono::milliseconds> timeToLive_ = {})
      : key(std::move(key_)),
        expected(std::move(expected_)),
        desired(std::move(desired_)),
        timeToLive(timeToLive_) {}
};

/// Where a read puts what it finds.
class Sink {
 public:
  /// The bytes stored under `keys[slot]`, valid only during the call. A store calls it at most once
  /// a slot, in any order, never for an absent or expired key, only in the coroutine that reads, and
  /// never under a lock. It may throw: the read ends with that exception.
  virtual void found(std::size_t slot, std::span<const std::byte> bytes) = 0;

 protected:
  ~Sink() = default;
};

/// One store of a backing: everything that was put under one storeId.
///
/// Each operation returns an awaitable that **may be empty** (`!valid()`): then it is done already,
/// and the caller goes on without suspending. So a store that has its answer at hand costs no
/// coroutine, and one that waits is an ordinary coroutine.
///
/// exchange(), find() and keys() fail with `unsupported` where a store does not override them. Without
/// exchange(), an entry that does not decode goes through remove(), which can lose a newer one.
///
/// @par Errors        Failure, at the call or from the awaitable.
/// @par Cancellation  Terminal; ends with operation_aborted. A write that was handed over may have
///                    been applied, wholly or not at all.
/// @par Threads       Any number of threads at once, on one object or several; a coroutine resumes
///                    on its own executor.
/// @par Lifetime      The caller keeps the store and the arguments alive until the awaitable has
///                    ended.
class Store {
 public:
  Store() = default;
  Store(const Store&) = delete;
  Store& operator=(const Store&) = delete;
  virtual ~Store() = default;

  /// Reads `keys` (never none; repeats allowed), each present one into `sink`.
  [[nodiscard]] virtual asio::awaitable<void> read(std::span<const std::string> keys,
                                                   Sink& sink) = 0;

  /// Reads one key, as slot 0. The default is read() of one key.
  [[nodiscard]] virtual asio::awaitable<void> readOne(const std::string& key, Sink& sink);

  /// Writes `entries` (never none; no key twice): all or nothing where the backing says so. May
  /// take the entries' contents.
  [[nodiscard]] virtual asio::awaitable<void> write(std::span<Entry> entries) = 0;

  /// Removes one key; an absent one is no error.
  [[nodiscard]] virtual asio::awaitable<void> remove(const std::string& key) = 0;

  /// Removes `keys` (never none; repeats allowed). The default removes one after the other.
  [[nodiscard]] virtual asio::awaitable<void> removeMany(std::span<const std::string> keys);

  /// Compares and sets, with nobody between the two. May take the exchange's values.
  [[nodiscard]] virtual asio::awaitable<void> exchange(Exchange& exchange);

  /// As readOne(), and what is left of the value's time to live: more than zero; nullopt: for ever, or
  /// nothing was found. It is there when the awaitable has ended.
  [[nodiscard]] virtual asio::awaitable<void> find(
      const std::string& key, Sink& sink, std::optional<std::chrono::milliseconds>& timeToLive);

  /// Some keys that live, as KeyQuery and KeyPage say, into an empty `page`. A page may have fewer
  /// keys than its limit, and none, where there are more. What `after` holds was a `next` of this
  /// store; anything else has to end the awaitable, with whatever keys or Failure.
  [[nodiscard]] virtual asio::awaitable<void> keys(const KeyQuery& query, KeyPage& page);

  /// Removes every key of this store, and of no other.
  [[nodiscard]] virtual asio::awaitable<void> clear() = 0;
};

}  // namespace persistance::backing
