#include "backing/lmdb/failure.hpp"

#include <cerrno>

namespace persistance::backing::lmdb {

namespace {

std::string sentence(int rc, std::string_view what) {
  // LMDB marks the process number of each reader in the lock file.
  if (rc == EAGAIN)
    return std::string(what) +
           ": another process with the process number of this one has the file open, in another "
           "PID "
           "namespace: let the containers share one PID namespace, or give each a file of its own";
  return std::string(what) + ": " + mdb_strerror(rc) + " (" + std::to_string(rc) + ")";
}

}  // namespace

LmdbError::LmdbError(int rc, std::string_view what)
    : Failure(meaningOf(rc), sentence(rc, what)), rc_(rc) {}

BackingErrc meaningOf(int rc) noexcept {
  switch (rc) {
    case MDB_MAP_FULL:
    case ENOSPC:
    case EDQUOT:
    case EFBIG: return BackingErrc::full;
    case MDB_TXN_FULL:
    case MDB_BAD_VALSIZE: return BackingErrc::tooLarge;
    case MDB_READERS_FULL: return BackingErrc::overloaded;
    case MDB_CORRUPTED:
    case MDB_PAGE_NOTFOUND:
    case MDB_INVALID:
    case MDB_VERSION_MISMATCH: return BackingErrc::corrupt;
    case MDB_PANIC:
    case EIO: return BackingErrc::io;
    case EROFS: return BackingErrc::readOnly;
    case ENOMEM: return BackingErrc::outOfMemory;
    default: return BackingErrc::unavailable;
  }
}

bool meansFull(int rc) noexcept { return meaningOf(rc) == BackingErrc::full || rc == MDB_TXN_FULL; }

}  // namespace persistance::backing::lmdb
