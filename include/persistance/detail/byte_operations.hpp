#pragma once
/// @file
/// The part of a typed store that does not depend on its type.

#include <memory>
#include <string>
#include <vector>

#include <persistance/asio.hpp>
#include <persistance/backing/store.hpp>
#include <persistance/detail/guard.hpp>
#include <persistance/detail/operations.hpp>

namespace persistance::detail {

using StorePointer = std::shared_ptr<backing::Store>;

// Each holds its lease, which keeps the store alive, until it has ended. It is empty where the caller
// does so itself.

/// Writes one entry.
[[nodiscard]] asio::awaitable<void> write(Lease lease, backing::Store& store, backing::Entry entry,
                                          Messages messages = Messages::full);

/// Writes all entries, the last of a repeated key.
[[nodiscard]] asio::awaitable<void> writeMany(Lease lease, backing::Store& store,
                                              std::vector<backing::Entry> entries,
                                              Messages messages = Messages::full);

[[nodiscard]] asio::awaitable<void> remove(Lease lease, backing::Store& store, std::string key,
                                           Messages messages = Messages::full);

[[nodiscard]] asio::awaitable<void> removeMany(Lease lease, backing::Store& store,
                                               std::vector<std::string> keys,
                                               Messages messages = Messages::full);

[[nodiscard]] asio::awaitable<void> clear(Lease lease, backing::Store& store,
                                          Messages messages = Messages::full);

/// The bytes under one key.
[[nodiscard]] asio::awaitable<std::optional<Unknown>> readBytes(backing::Store& store,
                                                                const char* method, std::string key,
                                                                Messages messages = Messages::full);

/// Compares and sets; whether it was as expected. What fails, fails with the name of `method`.
[[nodiscard]] asio::awaitable<bool> exchange(Lease lease, backing::Store& store, const char* method,
                                             backing::Exchange exchange,
                                             Messages messages = Messages::full);

/// So often is an update tried before it fails.
inline constexpr int mostUpdateAttempts = 1000;

/// Throws `overloaded`: each attempt of an update came too late.
[[noreturn]] void throwOvertaken(const std::string& key, Messages messages);

[[nodiscard]] asio::awaitable<KeyPage> listKeys(Lease lease, backing::Store& store, KeyQuery query,
                                                Messages messages = Messages::full);

/// Removes an entry that does not decode, if it is still the one that was read; where the store cannot
/// compare, whatever it is. A value that carries its version stays, for it may be of a newer program.
/// A failure to remove is no failure of the read.
[[nodiscard]] asio::awaitable<void> removeInvalid(backing::Store& store, std::string key,
                                                  Unknown found);

}  // namespace persistance::detail
