#pragma once
/// @file
/// The keys of a store, in steps.

#include "backing/lmdb/keyspace.hpp"

#include <persistance/key_query.hpp>

namespace persistance::backing::lmdb {

/// One page of keys, in the order of the database: those that are kept whole, sorted, and then the
/// long ones. Between two steps the snapshot may change, and the store be cleared.
class KeyScan {
 public:
  KeyScan(const Keyspace& keyspace, const KeyQuery& query)
      : keyspace_(keyspace), query_(query), after_(query.after()) {}

  /// Looks at some thousand records. True: the page is whole. A damaged record counts as one that
  /// lives.
  /// @par Errors  LmdbError; `corrupt`.
  [[nodiscard]] bool step(MDB_txn* txn, std::uint64_t number,
                          std::chrono::system_clock::time_point now, KeyPage& page);

 private:
  /// Where the scan goes on; the record there may be the last one that was seen.
  [[nodiscard]] DatabaseKey start(MDB_txn* txn, std::uint64_t number) const;
  [[nodiscard]] bool isPastPrefix(Bytes name) const;

  const Keyspace& keyspace_;
  const KeyQuery& query_;
  std::optional<std::string> after_;  // the key that was seen last
};

}  // namespace persistance::backing::lmdb
