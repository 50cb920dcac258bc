#include "backing/lmdb/creation.hpp"

#include "backing/lmdb/directory.hpp"
#include "backing/lmdb/growth.hpp"
#include "backing/lmdb/guards.hpp"
#include "backing/lmdb/keyspace.hpp"

#include <fcntl.h>
#include <sys/stat.h>
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

/// The directory in which a store is made before it is moved into place. Only what a creation puts
/// there is ever removed: a user may have something of that name.
class StagingDirectory {
 public:
  explicit StagingDirectory(std::filesystem::path path) : path_(std::move(path)) {
    remove();  // of a process that died here
    if (::mkdir(path_.c_str(), 0700) != 0 && errno != EEXIST)
      throw LmdbError(errno, "making " + path_.string());
  }
  StagingDirectory(const StagingDirectory&) = delete;
  StagingDirectory& operator=(const StagingDirectory&) = delete;
  ~StagingDirectory() { remove(); }
  [[nodiscard]] const std::filesystem::path& path() const noexcept { return path_; }

 private:
  void remove() const noexcept {
    for (const std::string_view name : {dataFileName, lockFileName})
      (void)::unlink((path_ / name).c_str());
    (void)::rmdir(path_.c_str());  // stays where anything else is in it
  }

  std::filesystem::path path_;
};

void makeStore(const std::filesystem::path& staging, std::uint64_t size, ExpiryTime now,
               std::filesystem::perms mode) {
  const EnvironmentHandle env = openHandle(staging, size, mode);
  writeFirstRecords(env.get(), now);
  const int fd = dataFileOf(env.get());
  allocateFile(fd, 0, size);
  if (::fsync(fd) != 0) throw LmdbError(errno, "syncing a new store");
}

}  // namespace

void makeDirectory(const std::filesystem::path& directory) try {
  if (::mkdir(directory.c_str(), 0777) == 0)
    return syncDirectory(std::filesystem::absolute(directory / ".").parent_path().parent_path());
  if (errno != EEXIST) throw LmdbError(errno, "making " + directory.string());
} catch (const LmdbError& error) {
  // Who may not read the directory above cannot sync it.
  if (error.rc() != EACCES || !std::filesystem::exists(directory)) throw;
}

// The store is completed in a directory of its own and then moved into place: whoever finds a data
// file finds a whole one, at whatever moment this was interrupted.
void createEnvironment(const std::filesystem::path& directory, const Internals& internals,
                       const LmdbOptions& options) {
  const StagingDirectory staging(directory / stagingName);
  makeStore(staging.path(), std::min(internals.firstMap, options.mapLimit.bytes()),
            expiryAfter(options.clock(), std::chrono::milliseconds(0)), options.fileMode);
  const std::filesystem::path made = staging.path() / dataFileName;
  if (::rename(made.c_str(), (directory / dataFileName).c_str()) != 0)
    throw LmdbError(errno, "moving a new store into place");
  syncDirectory(directory);
}

}  // namespace persistance::backing::lmdb
