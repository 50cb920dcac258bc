#pragma once
/// @file
/// The directory: which stores there are, and the number of each.

#include "backing/lmdb/keyspace.hpp"

#include <vector>

namespace persistance::backing::lmdb {

/// The number of a store; nullopt where nothing was ever written to it.
/// @par Errors  `corrupt`.
[[nodiscard]] std::optional<std::uint64_t> numberOf(MDB_txn* txn, const Keyspace& keyspace,
                                                    std::string_view storeId);

struct DirectoryRecord {
  std::string storeId;
  std::uint64_t number = 0;
};

/// All stores that were ever written to.
/// @par Errors  `corrupt`: a record is damaged.
[[nodiscard]] std::vector<DirectoryRecord> readDirectory(MDB_txn* txn, const Keyspace& keyspace);

/// Writes sealed(value) under a meta key.
void putMeta(MDB_txn* txn, MDB_dbi dbi, std::string_view key, Bytes value);
/// Reads it back; nullopt where there is none.
/// @par Errors  `corrupt`.
[[nodiscard]] std::optional<Bytes> getMeta(MDB_txn* txn, MDB_dbi dbi, std::string_view key);

/// What the file says that it is.
/// @par Errors  `wrongType`: it is not of this library; `corrupt`.
[[nodiscard]] Identity readIdentity(MDB_txn* txn, MDB_dbi dbi);
/// The number that the next store gets.
/// @par Errors  `corrupt`.
[[nodiscard]] std::uint64_t readNextNumber(MDB_txn* txn, MDB_dbi dbi);

inline constexpr std::string_view identityName = "identity";
inline constexpr std::string_view nextNumberName = "next";
inline constexpr std::string_view notAStore =
    "this LMDB environment is not a store of this library";

}  // namespace persistance::backing::lmdb
