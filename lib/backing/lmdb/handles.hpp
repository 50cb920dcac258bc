#pragma once
/// LMDB's C handles, owned.

#include <lmdb.h>

#include <memory>

namespace persistance::backing::lmdb {

struct CloseEnvironment {
  void operator()(MDB_env* env) const noexcept { mdb_env_close(env); }
};
using EnvironmentHandle = std::unique_ptr<MDB_env, CloseEnvironment>;

struct AbortTransaction {
  void operator()(MDB_txn* txn) const noexcept { mdb_txn_abort(txn); }
};
/// Aborted unless it was released to mdb_txn_commit.
using TransactionHandle = std::unique_ptr<MDB_txn, AbortTransaction>;

struct CloseCursor {
  void operator()(MDB_cursor* cursor) const noexcept { mdb_cursor_close(cursor); }
};
/// Closed before its transaction ends.
using CursorHandle = std::unique_ptr<MDB_cursor, CloseCursor>;

}  // namespace persistance::backing::lmdb
