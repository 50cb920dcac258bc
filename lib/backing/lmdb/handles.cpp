#include "backing/lmdb/handles.hpp"

#include "backing/lmdb/failure.hpp"

#include <unistd.h>

#include <cerrno>

namespace persistance::backing::lmdb {

namespace {

constexpr unsigned readerSlots = 254;  // of all processes together

/// What was refused for want of the right to write is read-only, where reading is allowed.
[[noreturn]] void refuseOpen(int rc, const std::filesystem::path& directory) {
  const std::string what = "opening " + directory.string();
  if (rc == EACCES && ::access((directory / dataFileName).c_str(), R_OK) == 0)
    throw Failure(BackingErrc::readOnly, what + ": " + mdb_strerror(rc));
  throw LmdbError(rc, what);
}

}  // namespace

EnvironmentHandle openHandle(const std::filesystem::path& directory, std::uint64_t mapSize) {
  MDB_env* created = nullptr;
  check(mdb_env_create(&created), "making an environment");
  EnvironmentHandle env(created);
  check(mdb_env_set_maxreaders(env.get(), readerSlots), "setting up an environment");
  check(mdb_env_set_mapsize(env.get(), mapSize), "setting up an environment");
  // NOTLS: a read transaction belongs to a coroutine and not to a thread.
  const int rc = mdb_env_open(env.get(), directory.c_str(), MDB_NOTLS, 0666);
  if (rc != MDB_SUCCESS) refuseOpen(rc, directory);
  return env;
}

TransactionHandle beginReading(MDB_env* env) {
  MDB_txn* begun = nullptr;
  check(mdb_txn_begin(env, nullptr, MDB_RDONLY, &begun), "beginning to read");
  return TransactionHandle(begun);
}

TransactionHandle beginWriting(MDB_env* env) {
  MDB_txn* begun = nullptr;
  check(mdb_txn_begin(env, nullptr, 0, &begun), "beginning to write");
  return TransactionHandle(begun);
}

CursorHandle openCursor(MDB_txn* txn, MDB_dbi dbi) {
  MDB_cursor* opened = nullptr;
  check(mdb_cursor_open(txn, dbi, &opened), "opening a cursor");
  return CursorHandle(opened);
}

int dataFileOf(MDB_env* env) {
  int fd = -1;
  check(mdb_env_get_fd(env, &fd), "asking for the data file");
  return fd;
}

}  // namespace persistance::backing::lmdb
