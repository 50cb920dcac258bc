#include "backing/lmdb/creation.hpp"

#include "backing/lmdb/growth.hpp"
#include "backing/lmdb/guards.hpp"
#include "backing/lmdb/keyspace.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <random>

namespace persistance::backing::lmdb {

namespace {

std::uint64_t randomSeed() {
  std::random_device device;
  return (std::uint64_t{device()} << 32) | device();
}

void writeFirstRecords(MDB_env* env, ExpiryTime now) {
  TransactionHandle txn = beginWriting(env);
  MDB_dbi dbi = 0;
  check(mdb_dbi_open(txn.get(), nullptr, 0, &dbi), "opening the database");
  Identity identity;
  identity.seed = randomSeed();
  identity.created = now;
  putMeta(txn.get(), dbi, identityName, encodeIdentity(identity));
  putMeta(txn.get(), dbi, nextNumberName, encodeNumber(directoryNumber + 1));
  check(mdb_txn_commit(txn.release()), "making a store");
}

void syncDirectory(const std::filesystem::path& directory) {
  const FileDescriptor fd(::open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (fd.get() < 0 || ::fsync(fd.get()) != 0)
    throw LmdbError(errno, "syncing " + directory.string());
}

/// The directory in which a store is made before it is moved into place.
class StagingDirectory {
 public:
  explicit StagingDirectory(std::filesystem::path path) : path_(std::move(path)) {
    std::filesystem::remove_all(path_);  // of a process that died here
    std::filesystem::create_directory(path_);
  }
  StagingDirectory(const StagingDirectory&) = delete;
  StagingDirectory& operator=(const StagingDirectory&) = delete;
  ~StagingDirectory() {
    std::error_code ignored;  // whoever creates next removes it
    std::filesystem::remove_all(path_, ignored);
  }
  [[nodiscard]] const std::filesystem::path& path() const noexcept { return path_; }

 private:
  std::filesystem::path path_;
};

void makeStore(const std::filesystem::path& staging, std::uint64_t size, ExpiryTime now) {
  const EnvironmentHandle env = openHandle(staging, size);
  writeFirstRecords(env.get(), now);
  const int fd = dataFileOf(env.get());
  allocateFile(fd, 0, size);
  if (::fsync(fd) != 0) throw LmdbError(errno, "syncing a new store");
}

}  // namespace

// The store is completed in a directory of its own and then moved into place: whoever finds a data
// file finds a whole one, at whatever moment this was interrupted.
void createEnvironment(const std::filesystem::path& directory, const Internals& internals,
                       const LmdbOptions& options) try {
  const StagingDirectory staging(directory / stagingName);
  makeStore(staging.path(), std::min(internals.firstMap, options.mapLimit.bytes()),
            expiryAfter(options.clock(), std::chrono::milliseconds(0)));
  const std::filesystem::path made = staging.path() / dataFileName;
  if (::rename(made.c_str(), (directory / dataFileName).c_str()) != 0)
    throw LmdbError(errno, "moving a new store into place");
  syncDirectory(directory);
} catch (const std::filesystem::filesystem_error& error) {
  throw LmdbError(error.code().value(), "making a store in " + directory.string());
}

}  // namespace persistance::backing::lmdb
