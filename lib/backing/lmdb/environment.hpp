#pragma once
/// One open LMDB environment: checked when it is opened, and grown when it is full.

#include <persistance/backing/lmdb.hpp>

#include "backing/lmdb/guards.hpp"
#include "backing/lmdb/tables.hpp"

namespace persistance::backing::lmdb {

/// What only tests change.
struct Internals {
  DigestFunction digest = &xxh3Digest;
  std::uint64_t firstMap = std::uint64_t{1} << 20;
};

/// How large a full map becomes: twice as large while it is small, a quarter larger later, always
/// large enough for `need` more bytes, never over `limit`. Not larger than `current`: it cannot.
[[nodiscard]] std::uint64_t grownMap(std::uint64_t current, std::uint64_t need,
                                     std::uint64_t limit) noexcept;

/// The environment.
///
/// Its map is always as large as its file, and the file's blocks are allocated when it grows: so a
/// full disk shows there, before anything is written, and not in the middle of a commit; and a
/// file that is shorter than the last page that it tells of was cut.
///
/// @par Threads  handle() and tables(): any. The rest: one at a time, the writer's.
class Environment {
 public:
  /// @par Errors  `unavailable` `readOnly` `full` `corrupt` `wrongType` `alreadyOpen` `timeout`.
  explicit Environment(const LmdbOptions& options, const Internals& internals = {});
  Environment(const Environment&) = delete;
  Environment& operator=(const Environment&) = delete;

  [[nodiscard]] MDB_env* handle() const noexcept { return env_.get(); }
  [[nodiscard]] const Tables& tables() const noexcept { return tables_; }
  [[nodiscard]] std::uint64_t mapSize() const noexcept { return mapSize_; }
  [[nodiscard]] std::uint64_t fileSize() const;

  /// Makes the file at least so large that growMap() gives room for `need` more bytes. Nobody else
  /// may hold this thread's write transaction. False: `limit` or the disk does not allow it.
  [[nodiscard]] bool growFile(std::uint64_t need, std::uint64_t limit);

  /// Makes the map as large as the file. No transaction of this process may be alive.
  /// @par Errors  `outOfMemory`: the address space is used up.
  void growMap();
  /// growMap() failed in such a way that nothing can be read any more.
  [[nodiscard]] bool mapLost() const noexcept { return mapLost_; }

 private:
  void open(const LmdbOptions& options, const Internals& internals);
  void checkSize() const;
  void openTables();

  // In this order: the claim goes last, when nothing of the file is open any more.
  FileClaim claim_;
  EnvironmentHandle env_;
  Tables tables_;
  std::uint64_t mapSize_ = 0;
  bool mapLost_ = false;
};

/// Makes a new environment in `directory`, whole or not at all. The caller holds its lock.
void createEnvironment(const std::filesystem::path& directory, const Internals& internals,
                       const LmdbOptions& options);

/// Sets up a handle with what each environment of this library is opened with.
[[nodiscard]] EnvironmentHandle openHandle(const std::filesystem::path& directory,
                                           std::uint64_t mapSize);

/// Allocates the blocks [from, to) of a file; sparsely where the file system cannot.
void allocateFile(int fd, std::uint64_t from, std::uint64_t to);

inline constexpr std::string_view dataFileName = "data.mdb";

}  // namespace persistance::backing::lmdb
