#pragma once
/// @file
/// The embedded durable backing: LMDB on the local disk. Library `persistance-lmdb`.

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include <persistance/byte_size.hpp>
#include <persistance/persistance.hpp>

namespace persistance {

/// What to do about a store that is, or is not, there already.
enum class LmdbOpen {
  openOrCreate,  ///< The default. The directory is made too, but not the directories above it.
  mustExist,     ///< `unavailable` where there is none: for data that must not start out empty.
  mustCreate,  ///< `alreadyOpen` never; `readOnly` never; `unavailable` where one is there already.
};

/// What is looked at when a store is opened.
enum class LmdbCheck {
  headers,  ///< Whether the file was cut, and whether its two headers fit: in no time.
  /// The default. Every page as well, so that a damaged file is `corrupt` instead of a crash later:
  /// reads the file once, but for values longer than a page. A value's bytes, and its key's, are
  /// checked whenever it is read; verifyLmdb() checks them all.
  structure,
};

/// How the LMDB backing opens and keeps its store.
struct LmdbOptions {
  /// `path` is a directory, which belongs to this store alone. Not on a network file system.
  explicit LmdbOptions(std::filesystem::path path_) : path(std::move(path_)) {}

  std::filesystem::path path;

  LmdbOpen open = LmdbOpen::openOrCreate;

  LmdbCheck check = LmdbCheck::structure;

  /// How large the data file may grow. It starts at 1 MiB and doubles. A write past the limit fails
  /// with `full`; what was written before stays readable, and removing goes on.
  ByteSize mapLimit = ByteSize::gibi(64);

  /// How often writes are committed. A write completes when the commit that holds it is on the
  /// disk, whatever stands here: nothing acknowledged is lost by a crash of the process, of the
  /// system, or of the power. Zero, the default: at once, and every write that arrives during a
  /// commit goes into the next one. More than zero: at most one commit in this time, so the disk
  /// is written less often and a write takes up to this long to complete.
  std::chrono::milliseconds commitInterval{0};

  /// How many writes may be queued in front of the disk. More wait for room.
  std::size_t queueBound = 4096;

  /// How long an operation waits. Past it a write that still waits for room fails with
  /// `overloaded`, one that is queued with `timeout` (neither was applied), and one whose commit
  /// the disk does not finish with `unknownOutcome`.
  std::chrono::milliseconds deadline = std::chrono::seconds(30);

  /// The longest value. A longer one is refused with `tooLarge`.
  ByteSize valueLimit = ByteSize::mebi(64);

  /// Zero, the default: reads happen in the calling coroutine, straight from the memory map, which
  /// is right where the data is in memory or the disk is fast. More than zero: so many threads
  /// touch the pages first, so that a slow disk never stops the io_context.
  std::size_t readThreads = 0;

  /// How many reads may be under way at one moment; more wait. At most 126.
  std::size_t concurrentReads = 64;

  /// How often what has expired is swept out. Expired values are never handed out, swept or not.
  std::chrono::milliseconds sweepInterval = std::chrono::minutes(1);

  /// The clock that times to live are reckoned by; absolute, so that it outlives a restart.
  std::function<std::chrono::system_clock::time_point()> clock = &std::chrono::system_clock::now;
};

/// What a scan of a store found.
struct LmdbReport {
  std::uint64_t records = 0;          ///< Values that can be read, expired ones included.
  std::uint64_t expired = 0;          ///< Of those, how many wait for the sweep.
  std::uint64_t cleared = 0;          ///< Values of cleared stores that wait for the sweep.
  std::uint64_t bytes = 0;            ///< The size of all values.
  std::uint64_t damaged = 0;          ///< How many things are wrong.
  std::vector<std::string> problems;  ///< The first hundred of them, in words.

  LmdbReport() = default;
  [[nodiscard]] bool sound() const noexcept { return damaged == 0; }
};

/// Stores on the local disk.
///
/// Building opens the store, closing the scope writes what is queued and closes it; handles that
/// are still held fail with `closed` from then on. A file is open once in a process, and may be
/// open in several processes.
///
/// A read is done inside the call, decoded straight from the memory map. A write completes once it
/// is on the disk; LmdbOptions says what it waits for and how long. setMany is all or nothing, and
/// so is clear: what it removes is gone at once for every reader, its space comes back step by
/// step.
///
/// @par Errors        PersistanceBackingError from the build, method "make": `unavailable`
///                    `readOnly` `full` for what the operating system says; `corrupt` where the
///                    file was cut, damaged or emptied; `wrongType` where it is not this library's,
///                    or of a later format; `alreadyOpen` in this process; `timeout`.
/// @par Cancellation  Terminal; ends with operation_aborted. A write that the writer has not yet
///                    taken is not applied; one that it has is applied wholly or not at all.
/// @par Threads       One writes, one watches the deadlines, and readThreads more.
[[nodiscard]] layer::Layer<layer::Requires<>, layer::Provides<BackingPersistance>> layerLmdb(
    LmdbOptions options);

/// Scans the store of a layerLmdb while it is in use: every checksum, every index, every store.
///
/// @par Errors        PersistanceBackingError, method "verify": `unsupported` where `backing` is
///                    not of layerLmdb; what reading meets. What is damaged is no error but is in
///                    the report.
/// @par Cancellation  Terminal; ends with operation_aborted; nothing is left behind.
/// @par Cost          Reads everything, a thousand records at a time; in between others have their
///                    turn.
[[nodiscard]] asio::awaitable<LmdbReport> verifyLmdb(BackingPersistance& backing);

}  // namespace persistance
