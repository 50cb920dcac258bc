#include "backing/lmdb/environment.hpp"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <fstream>

#include "backing/lmdb/changes.hpp"
#include "backing/lmdb/data_file.hpp"

namespace persistance::backing::lmdb {

namespace {

constexpr std::uint64_t mebi = std::uint64_t{1} << 20;
constexpr std::uint64_t granule = 64 * 1024;  // a multiple of every page size
constexpr unsigned readerSlots = 254;         // of all processes together

std::uint64_t roundedUp(std::uint64_t size) { return (size + granule - 1) / granule * granule; }

std::uint64_t sizeOf(int fd) {
  struct ::stat result{};
  if (::fstat(fd, &result) != 0) throw LmdbError(errno, "looking at the data file");
  return static_cast<std::uint64_t>(result.st_size);
}

/// A file, mapped for reading.
class FileMap {
 public:
  FileMap(int fd, std::uint64_t size)
      : size_(size), data_(::mmap(nullptr, size, PROT_READ, MAP_SHARED, fd, 0)) {
    if (data_ == MAP_FAILED) throw LmdbError(errno, "mapping the data file");
  }
  explicit FileMap(int fd) : FileMap(fd, sizeOf(fd)) {}
  FileMap(const FileMap&) = delete;
  FileMap& operator=(const FileMap&) = delete;
  ~FileMap() { ::munmap(data_, size_); }

  [[nodiscard]] Bytes bytes() const noexcept {
    return {static_cast<const std::byte*>(data_), size_};
  }

 private:
  std::uint64_t size_;
  void* data_;
};

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
  // LMDB takes a file of no bytes for a new one. Nothing here ever leaves such a file.
  if (file.st_size == 0) throw Failure(BackingErrc::corrupt, name + " is empty");
}

void makeDirectory(const std::filesystem::path& directory) {
  if (::mkdir(directory.c_str(), 0777) != 0 && errno != EEXIST)
    throw LmdbError(errno, "making " + directory.string());
}

/// What was refused for want of the right to write is read-only, where reading is allowed.
[[noreturn]] void refuseOpen(int rc, const std::filesystem::path& directory) {
  const std::string what = "opening " + directory.string();
  if (rc == EACCES && ::access((directory / dataFileName).c_str(), R_OK) == 0)
    throw Failure(BackingErrc::readOnly, what + ": " + mdb_strerror(rc));
  throw LmdbError(rc, what);
}

}  // namespace

std::uint64_t grownFile(std::uint64_t current, std::uint64_t need, std::uint64_t limit) noexcept {
  const std::uint64_t step = current < 64 * mebi ? current : current / 4;
  // A value is copied to new pages together with the path to it; twice is more than enough.
  const std::uint64_t wanted = roundedUp(current + std::max(step, 2 * need + 16 * granule));
  return std::min(wanted, std::max(limit / granule * granule, current));
}

// One removal copies a dozen pages at most, and what it frees is free again two commits later.
std::uint64_t reserveOf(std::uint64_t fileSize) noexcept {
  const std::uint64_t wanted = std::clamp(fileSize / 8, 2 * granule, 64 * granule);
  return std::min(wanted, fileSize / 2) / granule * granule;
}

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

void allocateFile(int fd, std::uint64_t from, std::uint64_t to) {
  int rc = 0;
  do {
    rc = ::fallocate(fd, 0, static_cast<off_t>(from), static_cast<off_t>(to - from));
  } while (rc != 0 && errno == EINTR);
  if (rc != 0 && (errno == EOPNOTSUPP || errno == ENOSYS))
    rc = ::ftruncate(fd, static_cast<off_t>(to));
  if (rc != 0) throw LmdbError(errno, "growing the data file");
}

Environment::Environment(const LmdbOptions& options, const Internals& internals) {
  const auto deadline = std::chrono::steady_clock::now() + options.deadline;
  if (options.open != LmdbOpen::mustExist) makeDirectory(options.path);
  const FileDescriptor lock = lockDirectory(options.path, deadline);
  const bool exists = dataFile(options.path).has_value();
  if (!exists && options.open == LmdbOpen::mustExist)
    throw Failure(BackingErrc::unavailable, "there is no store in " + options.path.string());
  if (exists && options.open == LmdbOpen::mustCreate)
    throw Failure(BackingErrc::unavailable, "there is a store in " + options.path.string());
  if (!exists) createEnvironment(options.path, internals, options);
  open(options, internals);
}

void Environment::open(const LmdbOptions& options, const Internals& internals) {
  const auto file = dataFile(options.path);
  if (!file) throw Failure(BackingErrc::unavailable, "the data file has gone");
  refuseIfNotAStore(*file, options.path);
  claim_ = FileClaim(file->st_dev, file->st_ino);
  fileSize_ = static_cast<std::uint64_t>(file->st_size);
  (void)readNewestMeta(options.path / dataFileName);  // before LMDB trusts it
  env_ = openHandle(options.path, fileSize_ - reserveOf(fileSize_));
  int dead = 0;
  check(mdb_reader_check(env_.get(), &dead), "looking for dead readers");
  if (options.check == LmdbCheck::structure) checkPages(options.path / dataFileName);
  table_.digest = internals.digest;
  openTable();
  findMap();
}

int Environment::file() const {
  int fd = -1;
  check(mdb_env_get_fd(env_.get(), &fd), "asking for the data file");
  return fd;
}

void Environment::checkPages(const std::filesystem::path& dataFile) const {
  const FileMap map(file());
  for (;;) {
    const Meta meta = readNewestMeta(dataFile);
    MDB_txn* begun = nullptr;
    check(mdb_txn_begin(env_.get(), nullptr, MDB_RDONLY, &begun), "beginning to read");
    const TransactionHandle txn(begun);  // keeps other processes from using these pages again
    if (mdb_txn_id(txn.get()) != meta.transaction) continue;  // one of them was in between
    return checkStructure(map.bytes(), meta);
  }
}

void Environment::openTable() {
  MDB_txn* begun = nullptr;
  check(mdb_txn_begin(env_.get(), nullptr, MDB_RDONLY, &begun), "beginning to read");
  TransactionHandle txn(begun);
  check(mdb_dbi_open(txn.get(), nullptr, 0, &table_.dbi), "opening the database");
  const auto stored = getMeta(txn.get(), table_.dbi, identityName);
  if (!stored) throw Failure(BackingErrc::wrongType, std::string(notAStore));
  const auto identity = decodeIdentity(*stored);
  if (!identity) throw Failure(BackingErrc::corrupt, "the identity record is lost");
  if (identity->format != formatNumber)
    throw Failure(BackingErrc::wrongType,
                  "the store has format " + std::to_string(identity->format) +
                      "; this library reads format " + std::to_string(formatNumber));
  table_.seed = identity->seed;
  check(mdb_txn_commit(txn.release()), "opening the database");
}

bool Environment::growFile(std::uint64_t need, std::uint64_t limit) {
  MDB_txn* begun = nullptr;
  const int rc = mdb_txn_begin(env_.get(), nullptr, 0, &begun);
  if (rc == MDB_MAP_RESIZED) return true;  // another process did it
  check(rc, "beginning to write");
  const TransactionHandle txn(begun);  // nobody else grows the file meanwhile
  const std::uint64_t size = sizeOf(file());
  if (size > fileSize_) return true;
  std::uint64_t target = grownFile(size, need, limit);
  // A disk that is nearly full may still have what is needed.
  for (; target > size; target = size + (target - size) / 2 / granule * granule) {
    try {
      allocateFile(file(), size, target);
      return true;
    } catch (const LmdbError& error) {
      if (!meansFull(error.rc())) throw;
    }
  }
  return false;
}

void Environment::remap(Reach reach) {
  const std::uint64_t size = sizeOf(file());
  const std::uint64_t map = reach == Reach::removals ? size : size - reserveOf(size);
  // Where LMDB cannot map again what it has unmapped, it is lost; so see first whether it can.
  (void)FileMap(file(), map);
  const int rc = mdb_env_set_mapsize(env_.get(), map);
  mapLost_ = rc != MDB_SUCCESS;
  check(rc, "growing the map");
  fileSize_ = size;
  findMap();
}

// LMDB does not tell where its map is. The system tells what is around a record that is in it.
void Environment::findMap() {
  table_.map = {};
  MDB_txn* begun = nullptr;
  check(mdb_txn_begin(env_.get(), nullptr, MDB_RDONLY, &begun), "beginning to read");
  const TransactionHandle txn(begun);
  const auto record = lookUp(txn.get(), table_.dbi, metaKey(identityName).bytes());
  const auto at = record ? reinterpret_cast<unsigned long>(record->data()) : 0UL;
  std::ifstream maps("/proc/self/maps");
  for (std::string line; std::getline(maps, line);) {
    unsigned long begin = 0;
    unsigned long end = 0;
    if (std::sscanf(line.c_str(), "%lx-%lx", &begin, &end) != 2 || at < begin || at >= end)
      continue;
    table_.map = {reinterpret_cast<const std::byte*>(begin), end - begin};
    return;
  }
}

}  // namespace persistance::backing::lmdb
