#pragma once
/// @file
/// What every operation of a store does around the call to its backing.

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>

#include <persistance/asio.hpp>

namespace persistance::detail {

/// How much errors tell.
enum class Messages {
  full,
  redacted,  ///< Nothing of keys and values: StoreOptions::redact.
};

/// Throws `tooLarge` for a key that is over backing::maxKeySize.
void checkKey(std::string_view method, const std::string& key, Messages messages = Messages::full);

/// Throws `protocol` where a backing answered `expected` keys with another number of slots.
void checkSlots(std::size_t expected, std::size_t actual);

/// Rethrows the exception in flight as the one that the caller of `method` is promised:
/// PersistanceError, operation_aborted and bad_alloc as they are, everything else as a
/// PersistanceBackingError with that exception as its cause. Redacted, it has no key and no text but
/// that of its code.
[[noreturn]] void rethrowAs(std::string_view method, const std::string& key = {},
                            Messages messages = Messages::full);

/// Awaits `operation`; what it throws is rethrown as the caller of `method` is promised.
template <class T>
[[nodiscard]] asio::awaitable<T> awaitAs(std::string_view method, asio::awaitable<T> operation) {
  try {
    co_return co_await std::move(operation);
  } catch (...) {
    rethrowAs(method);
  }
}

/// Rethrows the exception in flight if it means that the operation was cancelled.
void rethrowIfCancelled();

/// Counts `operations` that completed without suspending; true once in about a thousand. The caller
/// then awaits nextTurn(), so that timers and other coroutines of its executor have their turn.
[[nodiscard]] bool turnIsOver(std::size_t operations) noexcept;

/// Lets everything else that is ready on this coroutine's executor run first.
[[nodiscard]] asio::awaitable<void> nextTurn();

/// What is left to await of a backing's operation: empty where it has completed inline, and this
/// thread has not done so many of them in a row that others should have their turn.
[[nodiscard]] inline asio::awaitable<void> rest(asio::awaitable<void> pending,
                                                std::size_t operations) {
  if (!pending.valid() && turnIsOver(operations)) return nextTurn();
  return pending;
}

}  // namespace persistance::detail
