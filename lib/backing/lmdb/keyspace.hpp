#pragma once
/// @file
/// Where a key is in the database.

#include "backing/lmdb/failure.hpp"
#include "backing/lmdb/format.hpp"
#include "backing/lmdb/handles.hpp"

namespace persistance::backing::lmdb {

/// What finding a key takes: the database, and how its long keys are hashed.
struct Keyspace {
  MDB_dbi dbi = 0;
  std::uint64_t seed = 0;
  DigestFunction digest = &xxh3Digest;
  Bytes map;  ///< The memory that holds all keys and values; empty where it is not known.
};

/// The bytes of a key or a value, whose place a damaged page may give wrongly.
/// @par Errors  `corrupt`: they are not all inside the map.
[[nodiscard]] Bytes inMap(const Keyspace& keyspace, const MDB_val& value);

/// The bytes under a database key, inside the map and valid as long as the transaction; or nothing.
/// In a write transaction they may also be outside of the map, in a page that it has changed.
[[nodiscard]] std::optional<Bytes> lookUp(MDB_txn* txn, MDB_dbi dbi, Bytes databaseKey);

/// Where a key is, or where it would go. What is there may be damaged: then reading it fails, and
/// writing repairs it.
struct Place {
  DatabaseKey name;
  std::optional<Bytes> sealed;  ///< What is there.
};
[[nodiscard]] Place locate(MDB_txn* txn, const Keyspace& keyspace, std::uint64_t number,
                           std::string_view key);

/// Reads what locate() found.
/// @par Errors  `corrupt`: it is not what was written.
[[nodiscard]] Record unsealOrFail(Bytes databaseKey, Bytes sealed);

/// Writes sealed(value) under a database key; `longKey` is empty where that is no digest.
/// @par Errors  LmdbError.
void putSealed(MDB_txn* txn, MDB_dbi dbi, const DatabaseKey& databaseKey, ExpiryTime expires,
               std::string_view longKey, Bytes value);

/// @par Errors  `corrupt`: this garbage record is not what was written.
void checkGarbage(Bytes databaseKey, Bytes value, std::uint32_t format);

}  // namespace persistance::backing::lmdb
