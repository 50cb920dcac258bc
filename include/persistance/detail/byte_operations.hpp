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

/// Writes one entry.
[[nodiscard]] asio::awaitable<void> write(StorePointer store, backing::Entry entry,
                                          Messages messages = Messages::full);

/// Writes all entries, the last of a repeated key.
[[nodiscard]] asio::awaitable<void> writeMany(StorePointer store,
                                              std::vector<backing::Entry> entries,
                                              Messages messages = Messages::full);

[[nodiscard]] asio::awaitable<void> remove(StorePointer store, std::string key,
                                           Messages messages = Messages::full);

[[nodiscard]] asio::awaitable<void> clear(StorePointer store, Messages messages = Messages::full);

/// Removes an entry that does not decode, if it is still the one that was read. A value that
/// carries its version stays, for it may be of a newer program. A failure to remove is no failure
/// of the read.
[[nodiscard]] asio::awaitable<void> removeInvalid(StorePointer store, std::string key,
                                                  Unknown found);

}  // namespace persistance::detail
