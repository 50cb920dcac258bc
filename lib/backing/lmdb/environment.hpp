#pragma once
/// One open LMDB environment: checked when it is opened, and grown when it is full.

#include <persistance/backing/lmdb.hpp>

#include "backing/lmdb/guards.hpp"
#include "backing/lmdb/table.hpp"

namespace persistance::backing::lmdb {

/// What only tests change.
struct Internals {
  DigestFunction digest = &xxh3Digest;
  std::uint64_t firstMap = std::uint64_t{1} << 20;
};

/// How large a full file becomes: twice as large while it is small, a quarter larger later, always
/// large enough for `need` more bytes, never over `limit`. Not larger than `current`: it cannot.
[[nodiscard]] std::uint64_t grownFile(std::uint64_t current, std::uint64_t need,
                                      std::uint64_t limit) noexcept;

/// How much of a file of that size only removals may use. To delete, LMDB first copies the pages on
/// the way: a store that is full to the last page could never be made less full.
[[nodiscard]] std::uint64_t reserveOf(std::uint64_t fileSize) noexcept;

/// How far the map reaches.
enum class Reach {
  writes,    ///< Over all of the file but the reserve.
  removals,  ///< Over all of the file.
};

/// The environment.
///
/// Its map is never larger than its file, and the file's blocks are allocated when it grows: so a
/// full disk shows there, before anything is written, and not in the middle of a commit; and a
/// file that is shorter than the last page that it tells of was cut.
///
/// @par Threads  handle() and table(): any. The rest: one at a time, the writer's.
class Environment {
 public:
  /// @par Errors  `unavailable` `readOnly` `full` `corrupt` `wrongType` `alreadyOpen` `timeout`.
  explicit Environment(const LmdbOptions& options, const Internals& internals = {});
  Environment(const Environment&) = delete;
  Environment& operator=(const Environment&) = delete;

  [[nodiscard]] MDB_env* handle() const noexcept { return env_.get(); }
  [[nodiscard]] const Table& table() const noexcept { return table_; }

  /// Makes the file so large that there is room for `need` more bytes. This thread has no write
  /// transaction. False: `limit` or the disk does not allow it.
  [[nodiscard]] bool growFile(std::uint64_t need, std::uint64_t limit);

  /// Maps the file anew, as large as it is by now. No transaction of this process may be alive.
  /// @par Errors  `outOfMemory`: the address space is used up.
  void remap(Reach reach);
  /// remap() failed in such a way that nothing can be read any more.
  [[nodiscard]] bool mapLost() const noexcept { return mapLost_; }

 private:
  void open(const LmdbOptions& options, const Internals& internals);
  void checkPages(const std::filesystem::path& dataFile) const;
  void openTable();
  [[nodiscard]] int file() const;
  void findMap();

  // In this order: the claim goes last, when nothing of the file is open any more.
  FileClaim claim_;
  EnvironmentHandle env_;
  Table table_;
  std::uint64_t fileSize_ = 0;  // as it was when it was mapped
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
