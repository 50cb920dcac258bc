#include "backing/lmdb/handles.hpp"

#include "backing/lmdb/failure.hpp"
#include "backing/lmdb/guards.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>

namespace persistance::backing::lmdb {

namespace {

constexpr unsigned readerSlots = 254;  // of all processes together
// What LMDB makes of it: a line of the cache for each slot, and two for the locks.
constexpr off_t lockFileSize = (readerSlots + 2) * 64;

/// What was refused for want of the right to write is read-only, where reading is allowed.
[[noreturn]] void refuseOpen(int rc, const std::filesystem::path& directory) {
  const std::string what = "opening " + directory.string();
  if (rc == EACCES && ::access((directory / dataFileName).c_str(), R_OK) == 0)
    throw Failure(BackingErrc::readOnly, what + ": " + mdb_strerror(rc));
  throw LmdbError(rc, what);
}

/// Writes zeros up to the size: where the file system cannot allocate.
int extend(int fd) {
  static constexpr std::array<char, 4096> zeros{};
  off_t at = ::lseek(fd, 0, SEEK_END);
  while (at >= 0 && at < lockFileSize) {
    const auto size = std::min<off_t>(lockFileSize - at, zeros.size());
    const ssize_t done = ::pwrite(fd, zeros.data(), static_cast<std::size_t>(size), at);
    if (done < 0 && errno != EINTR) return -1;
    at += std::max<ssize_t>(done, 0);
  }
  return at < 0 ? -1 : 0;
}

/// Makes sure that each block of the lock file is there before LMDB maps it: LMDB itself makes it
/// sparse, and on a full disk the first access to it would be a SIGBUS.
void allocateLockFile(const std::filesystem::path& directory, mode_t mode) {
  const std::filesystem::path path = directory / lockFileName;
  const FileDescriptor file(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, mode));
  if (file.get() < 0) refuseOpen(errno, directory);
  int rc = 0;
  do {
    rc = ::fallocate(file.get(), 0, 0, lockFileSize);
  } while (rc != 0 && errno == EINTR);
  if (rc != 0 && (errno == EOPNOTSUPP || errno == ENOSYS)) rc = extend(file.get());
  if (rc != 0) throw LmdbError(errno, "allocating " + path.string());
}

}  // namespace

EnvironmentHandle openHandle(const std::filesystem::path& directory, std::uint64_t mapSize,
                             std::filesystem::perms mode) {
  const auto bits = static_cast<mode_t>(mode);
  allocateLockFile(directory, bits);
  MDB_env* created = nullptr;
  check(mdb_env_create(&created), "making an environment");
  EnvironmentHandle env(created);
  check(mdb_env_set_maxreaders(env.get(), readerSlots), "setting up an environment");
  check(mdb_env_set_mapsize(env.get(), mapSize), "setting up an environment");
  // NOTLS: a read transaction belongs to a coroutine and not to a thread.
  const int rc = mdb_env_open(env.get(), directory.c_str(), MDB_NOTLS, bits);
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
