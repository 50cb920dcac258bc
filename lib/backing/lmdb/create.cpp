#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <random>

#include "backing/lmdb/changes.hpp"
#include "backing/lmdb/environment.hpp"

namespace persistance::backing::lmdb {

namespace {

constexpr std::string_view nurseryName = "new";

std::uint64_t randomSeed() {
  std::random_device device;
  return (std::uint64_t{device()} << 32) | device();
}

void writeFirstRecords(MDB_env* env, ExpiryTime now) {
  MDB_txn* begun = nullptr;
  check(mdb_txn_begin(env, nullptr, 0, &begun), "beginning to write");
  TransactionHandle txn(begun);
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

/// The directory in which a store is made; what is in it when it goes was not moved into place.
class Nursery {
 public:
  explicit Nursery(std::filesystem::path path) : path_(std::move(path)) {
    std::filesystem::remove_all(path_);  // of one who died here
    std::filesystem::create_directory(path_);
  }
  Nursery(const Nursery&) = delete;
  Nursery& operator=(const Nursery&) = delete;
  ~Nursery() {
    std::error_code ignored;  // whoever creates next removes it
    std::filesystem::remove_all(path_, ignored);
  }
  [[nodiscard]] const std::filesystem::path& path() const noexcept { return path_; }

 private:
  std::filesystem::path path_;
};

void fillNursery(const std::filesystem::path& nursery, std::uint64_t size, ExpiryTime now) {
  const EnvironmentHandle env = openHandle(nursery, size);
  writeFirstRecords(env.get(), now);
  int fd = -1;
  check(mdb_env_get_fd(env.get(), &fd), "asking for the data file");
  allocateFile(fd, 0, size);
  if (::fsync(fd) != 0) throw LmdbError(errno, "syncing a new store");
}

}  // namespace

// The store is made to the end in a directory of its own and moved into place: whoever finds a data
// file finds a whole one, however this was interrupted.
void createEnvironment(const std::filesystem::path& directory, const Internals& internals,
                       const LmdbOptions& options) try {
  const Nursery nursery(directory / nurseryName);
  fillNursery(nursery.path(), std::min(internals.firstMap, options.mapLimit.bytes()),
              expiryAfter(options.clock(), std::chrono::milliseconds(0)));
  const std::filesystem::path made = nursery.path() / dataFileName;
  if (::rename(made.c_str(), (directory / dataFileName).c_str()) != 0)
    throw LmdbError(errno, "moving a new store into place");
  syncDirectory(directory);
} catch (const std::filesystem::filesystem_error& error) {
  throw LmdbError(error.code().value(), "making a store in " + directory.string());
}

}  // namespace persistance::backing::lmdb
