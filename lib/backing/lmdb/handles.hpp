#pragma once
/// @file
/// LMDB's C handles, owned.

#include <lmdb.h>

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string_view>

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

/// Opens the environment in `directory` with the settings that all environments of this library
/// have.
/// @par Errors  LmdbError; `readOnly` where the file may be read and not written; `full`: there is
///              no room for the lock file.
[[nodiscard]] EnvironmentHandle openHandle(
    const std::filesystem::path& directory, std::uint64_t mapSize,
    std::filesystem::perms mode = std::filesystem::perms(0600));

/// @par Errors  LmdbError from each.
[[nodiscard]] TransactionHandle beginReading(MDB_env* env);
[[nodiscard]] TransactionHandle beginWriting(MDB_env* env);
[[nodiscard]] CursorHandle openCursor(MDB_txn* txn, MDB_dbi dbi);
/// The descriptor of the data file; LMDB keeps it.
[[nodiscard]] int dataFileOf(MDB_env* env);

inline constexpr std::string_view dataFileName = "data.mdb";
inline constexpr std::string_view lockFileName = "lock.mdb";

}  // namespace persistance::backing::lmdb
