#pragma once
/// @file
/// What writes do to the database, inside one write transaction. Nothing here begins or commits.

#include "backing/lmdb/directory.hpp"
#include "backing/lmdb/operation.hpp"

#include <set>

namespace persistance::backing::lmdb {

/// The changes of one write transaction.
///
/// @par Errors   LmdbError or Failure from each: then the transaction can only be aborted.
/// @par Threads  The writer's thread.
class Changes {
 public:
  Changes(MDB_txn* txn, const Keyspace& keyspace) noexcept : txn_(txn), keyspace_(keyspace) {}

  /// The number of a store; a new one where it has none.
  [[nodiscard]] std::uint64_t numberFor(std::string_view storeId);
  void put(std::uint64_t number, std::string_view key, Bytes value, ExpiryTime expires);
  void remove(std::string_view storeId, std::span<const std::string> keys);
  /// Whether the key held what was expected, and holds what is desired.
  [[nodiscard]] bool exchange(std::string_view storeId, const CompareAndSet& set,
                              std::chrono::system_clock::time_point now);
  void clear(std::string_view storeId);

  /// Gives a file of an older format the present one.
  void carryOver();

  /// Deletes up to `limit` values that are gone; returns how many.
  std::size_t sweepExpired(std::chrono::system_clock::time_point now, std::size_t limit);
  /// Deletes up to `limit` values of cleared stores; returns how many keys it deleted.
  /// @par Errors  `corrupt`: a store that is in use is marked as cleared.
  std::size_t sweepGarbage(std::size_t limit);

 private:
  std::uint64_t takeNextNumber();
  void removeOne(std::uint64_t number, std::string_view key);
  void forgetExpiry(Bytes name, Bytes sealed);
  void erase(Bytes databaseKey);
  void insertEmpty(DatabaseKey databaseKey);
  std::size_t sweepStore(std::uint64_t number, std::size_t limit);
  [[nodiscard]] bool holdsAnything(std::uint64_t number);
  [[nodiscard]] bool isInUse(std::uint64_t number);

  MDB_txn* txn_;
  const Keyspace& keyspace_;
  std::optional<std::set<std::uint64_t>> inUse_;  // numbers; read once it is asked for
};

}  // namespace persistance::backing::lmdb
