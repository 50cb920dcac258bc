#pragma once
/// @file
/// Changes to a closed store without the library, as damage would make them.

#include "support.hpp"

namespace persistance::test {

/// Changes the database behind the library's back, as damage would.
template <class Change>
void changeByHand(Fixture& f, Change change) {
  f.database.reset();
  const auto env = lmdb::openHandle(f.directory.path(), 1 << 20);
  MDB_txn* begun = nullptr;
  lmdb::check(mdb_txn_begin(env.get(), nullptr, 0, &begun), "begin");
  lmdb::TransactionHandle txn(begun);
  MDB_dbi dbi = 0;
  lmdb::check(mdb_dbi_open(txn.get(), nullptr, 0, &dbi), "open");
  change(txn.get(), dbi);
  lmdb::check(mdb_txn_commit(txn.release()), "commit");
}

inline void putByHand(MDB_txn* txn, MDB_dbi dbi, lmdb::DatabaseKey key, std::string_view value) {
  MDB_val name = key.value();
  MDB_val data = lmdb::asValue(lmdb::asBytes(value));
  lmdb::check(mdb_put(txn, dbi, &name, &data, 0), "put");
}

inline void removeByHand(MDB_txn* txn, MDB_dbi dbi, lmdb::DatabaseKey key) {
  MDB_val name = key.value();
  lmdb::check(mdb_del(txn, dbi, &name, nullptr), "del");
}

}  // namespace persistance::test
