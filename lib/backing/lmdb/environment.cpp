#include "backing/lmdb/environment.hpp"

#include "backing/lmdb/check/metas.hpp"
#include "backing/lmdb/check/structure.hpp"
#include "backing/lmdb/creation.hpp"
#include "backing/lmdb/growth.hpp"
#include "backing/lmdb/index_check.hpp"
#include "backing/lmdb/mapping.hpp"

#include <sys/stat.h>

#include <algorithm>
#include <cerrno>

namespace persistance::backing::lmdb {

namespace {

/// nullopt: there is none.
std::optional<struct ::stat> dataFile(const std::filesystem::path& directory) {
  struct ::stat result{};
  if (::stat((directory / dataFileName).c_str(), &result) == 0) return result;
  if (errno == ENOENT) return std::nullopt;
  throw LmdbError(errno, "looking for " + (directory / dataFileName).string());
}

void refuseIfNotAStore(const struct ::stat& file, const std::filesystem::path& directory) {
  const std::string name = (directory / dataFileName).string();
  if (!S_ISREG(file.st_mode)) throw Failure(BackingErrc::unavailable, name + " is not a file");
  // LMDB takes a file of no bytes for a new one. This library never leaves such a file.
  if (file.st_size == 0) throw Failure(BackingErrc::corrupt, name + " is empty");
}

}  // namespace

Environment::Environment(const LmdbOptions& options, const Internals& internals) {
  openUnderLock(options, internals);
  internals.handleOpened();
  int dead = 0;
  check(mdb_reader_check(env_.get(), &dead), "looking for dead readers");
  if (options.check == LmdbCheck::structure) checkPages(options.path / dataFileName);
  keyspace_.digest = internals.digest;
  openKeyspace();
  findMap();
  checkIndex(beginReading().get(), keyspace_);
}

// The lock is for creating alone: others may open the file while this checks it.
void Environment::openUnderLock(const LmdbOptions& options, const Internals& internals) {
  const auto deadline = std::chrono::steady_clock::now() + options.deadline;
  if (options.open != LmdbOpen::mustExist) makeDirectory(options.path);
  const DirectoryLock lock(options.path, deadline);
  internals.directoryLocked();
  const bool exists = dataFile(options.path).has_value();
  if (!exists && options.open == LmdbOpen::mustExist)
    throw Failure(BackingErrc::unavailable, "there is no store in " + options.path.string());
  if (exists && options.open == LmdbOpen::mustCreate)
    throw Failure(BackingErrc::alreadyExists, "there is a store in " + options.path.string());
  if (!exists) createEnvironment(options.path, internals, options);
  openHandleOf(options);
}

void Environment::openHandleOf(const LmdbOptions& options) {
  const auto file = dataFile(options.path);
  if (!file) throw Failure(BackingErrc::unavailable, "the data file has gone");
  refuseIfNotAStore(*file, options.path);
  claim_ = FileClaim(file->st_dev, file->st_ino);
  fileSize_ = static_cast<std::uint64_t>(file->st_size);
  (void)readNewestMeta(options.path / dataFileName);  // before LMDB trusts it
  env_ = openHandle(options.path, fileSize_ - reserveOf(fileSize_), options.fileMode);
}

void Environment::checkPages(const std::filesystem::path& dataFile) {
  for (;;) {
    const Meta meta = readNewestMeta(dataFile);
    // Keeps other processes from using these pages again.
    const TransactionHandle txn = beginReading();
    if (mdb_txn_id(txn.get()) != meta.transaction) continue;  // one of them committed in between
    const FileMap map(dataFileOf(env_.get()));
    return checkStructure(map.bytes(), meta);
  }
}

void Environment::openKeyspace() {
  TransactionHandle txn = beginReading();
  check(mdb_dbi_open(txn.get(), nullptr, 0, &keyspace_.dbi), "opening the database");
  const Identity identity = readIdentity(txn.get(), keyspace_.dbi);
  if (identity.format < oldestFormat || identity.format > formatNumber)
    throw Failure(BackingErrc::wrongType,
                  "the store has format " + std::to_string(identity.format) +
                      "; this library reads formats " + std::to_string(oldestFormat) + " to " +
                      std::to_string(formatNumber));
  keyspace_.seed = identity.seed;
  check(mdb_txn_commit(txn.release()), "opening the database");
}

// For the time of opening, when nobody else reads: the map may be moved.
TransactionHandle Environment::beginReading() {
  for (;;) {
    MDB_txn* begun = nullptr;
    const int rc = mdb_txn_begin(env_.get(), nullptr, MDB_RDONLY, &begun);
    if (rc == MDB_SUCCESS) return TransactionHandle(begun);
    if (rc != MDB_MAP_RESIZED) throw LmdbError(rc, "beginning to read");
    fileSize_ = sizeOf(dataFileOf(env_.get()));
    check(mdb_env_set_mapsize(env_.get(), mapSizeFor(Reach::writes, fileSize_)), "growing the map");
  }
}

std::uint64_t Environment::mapSizeFor(Reach reach, std::uint64_t fileSize) const {
  if (reach == Reach::removals) return fileSize;
  MDB_envinfo info{};
  check(mdb_env_info(env_.get(), &info), "asking for the last page");
  MDB_stat stat{};
  check(mdb_env_stat(env_.get(), &stat), "asking for the page size");
  const std::uint64_t inUse = (info.me_last_pgno + 1) * std::uint64_t{stat.ms_psize};
  return std::max(fileSize - reserveOf(fileSize), inUse);
}

bool Environment::growFile(std::uint64_t need, std::uint64_t limit) {
  MDB_txn* begun = nullptr;
  const int rc = mdb_txn_begin(env_.get(), nullptr, 0, &begun);
  if (rc == MDB_MAP_RESIZED) return true;  // another process has grown it
  check(rc, "beginning to write");
  const TransactionHandle txn(begun);  // nobody else grows the file meanwhile
  const int file = dataFileOf(env_.get());
  const std::uint64_t size = sizeOf(file);
  if (size > fileSize_) return true;
  std::uint64_t target = grownFile(size, need, limit);
  // A disk that is nearly full may still have what is needed.
  for (; target > size; target = size + (target - size) / 2 / granule * granule) {
    try {
      allocateFile(file, size, target);
      return true;
    } catch (const LmdbError& error) {
      if (!meansFull(error.rc())) throw;
    }
  }
  return false;
}

void Environment::remap(Reach reach) {
  const int file = dataFileOf(env_.get());
  const std::uint64_t size = sizeOf(file);
  const std::uint64_t map = mapSizeFor(reach, size);
  // Where LMDB cannot map again what it has unmapped, it is lost; so see first whether it can.
  (void)FileMap(file, map);
  const int rc = mdb_env_set_mapsize(env_.get(), map);
  mapLost_ = rc != MDB_SUCCESS;
  check(rc, "growing the map");
  fileSize_ = size;
  findMap();
}

// Where it is not found, keys and values are not checked against it: reading goes on.
void Environment::findMap() noexcept try {
  keyspace_.map = {};
  const TransactionHandle txn = beginReading();
  if (const auto identity = lookUp(txn.get(), keyspace_.dbi, metaKey(identityName).bytes()))
    keyspace_.map = mappingAround(identity->data());
} catch (...) {
}

}  // namespace persistance::backing::lmdb
