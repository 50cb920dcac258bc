#pragma once
/// @file
/// The embedded durable backing: LMDB on the local disk. Library `persistance-lmdb`.

#include <persistance/byte_size.hpp>
#include <persistance/persistance.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <utility>
#include <vector>

namespace persistance {

/// What to do where a store is, or is not, there already.
enum class LmdbOpen {
  openOrCreate,  ///< The default. Makes the directory too, but not the directories above it.
  mustExist,     ///< `unavailable` where there is none: for data that must not start out empty.
  mustCreate,    ///< `alreadyExists` where there is one.
};

/// What is checked when a store is opened.
enum class LmdbCheck {
  headers,    ///< Whether the file was cut, and whether its two headers fit each other.
  structure,  ///< The default. Every page as well, so that damage is `corrupt` and no crash later.
};

/// How the LMDB backing opens and keeps its store.
struct LmdbOptions {
  explicit LmdbOptions(std::filesystem::path path_) : path(std::move(path_)) {}

  // ---- The file ----

  /// A directory, which belongs to this store alone. Not on a network file system.
  /// Anything else in it is left alone.
  std::filesystem::path path;

  /// The mode of the files, when they are made. Default: 0600. Change it where processes of other
  /// users share the store; each of them has to be able to write, also to read.
  std::filesystem::perms fileMode = std::filesystem::perms(0600);

  /// Default: openOrCreate. Change it where a missing, or an existing, store is a mistake.
  LmdbOpen open = LmdbOpen::openOrCreate;

  /// Default: structure. It reads the file once, except values longer than a page: about 25 ms for a
  /// million small records in memory, and longer from a cold disk. Change it where opening must
  /// not wait for that. A value's own bytes are checked whenever it is read.
  LmdbCheck check = LmdbCheck::structure;

  /// How large the data file may grow. Default: 64 GiB. It starts at 1 MiB and doubles. A write past
  /// the limit fails with `full`; what was written stays readable, and removing goes on. The limit
  /// itself costs nothing.
  ByteSize mapLimit = ByteSize::gibi(64);

  // ---- Writes ----

  /// How often writes are committed. Default: zero, at once; each write that arrives during a commit
  /// goes into the next one. Change it to write to the disk less often: then writes are held together
  /// for this time, and each takes up to this time and a commit to complete. It completes when its
  /// commit is on the disk in any case. It has to be shorter than the deadline: else `unsupported`.
  std::chrono::milliseconds commitInterval{0};

  /// How many writes may be queued; more wait for room. Default: 4096. Each costs its key and value
  /// in memory.
  std::size_t queueLimit = 4096;

  /// How many bytes of keys and values the writes may hold that are queued, wait for room or are
  /// being committed. Default: 256 MiB. A write past it is refused at once with `overloaded`; one
  /// that is alone is not.
  ByteSize queueBytes = ByteSize::mebi(256);

  /// The longest value. Default: 64 MiB. A longer one is refused with `tooLarge`.
  ByteSize valueLimit = ByteSize::mebi(64);

  // ---- Reads ----

  /// How many threads read pages from the disk ahead of the calling coroutine. Default: none; the
  /// coroutine reads from the memory map itself, which is right where the data is in memory. Change
  /// it where it is not, so that a slow disk never stops the io_context; each read then costs two
  /// changes of thread.
  std::size_t readThreads = 0;

  /// How many reads may be under way at once; more wait. Default: 64, at most 126. Each costs one
  /// of the 254 reader slots that all processes at the file share.
  std::size_t concurrentReads = 64;

  // ---- Time ----

  /// How long an operation, opening and closing included, may take. Default: 30 s. Past it a write
  /// that waits for room in the queue fails with `overloaded` and one that is queued with `timeout`
  /// (neither was applied); one whose commit the disk does not finish with `unknownOutcome`.
  std::chrono::milliseconds deadline = std::chrono::seconds(30);

  /// How often expired values are deleted. Default: 1 min. They are never handed out, deleted or
  /// not; a longer interval lets them occupy their space for longer.
  std::chrono::milliseconds sweepInterval = std::chrono::minutes(1);

  /// The clock of times to live. Default: the system clock. It is absolute, so that a time to live
  /// outlives a restart. Change it in tests. Where it is set back, what had expired can be read
  /// again, unless it was deleted meanwhile, and other values live longer by as much.
  std::function<std::chrono::system_clock::time_point()> clock = &std::chrono::system_clock::now;
};

/// What a scan of a store found.
struct LmdbReport {
  std::uint64_t records = 0;          ///< Values that can be read, expired ones included.
  std::uint64_t expired = 0;          ///< Of those, how many wait to be deleted.
  std::uint64_t cleared = 0;          ///< Values of cleared stores that wait to be deleted.
  std::uint64_t bytes = 0;            ///< The size of all values.
  std::uint64_t damaged = 0;          ///< How many things are wrong.
  std::vector<std::string> problems;  ///< The first hundred of them, in words.

  LmdbReport() = default;
  [[nodiscard]] bool sound() const noexcept { return damaged == 0; }
};

/// Stores on the local disk.
///
/// Two processes with one process number, in two PID namespaces (containers), cannot share a file:
/// `unavailable`. Let them share one PID namespace, or give each a file of its own. The child of a
/// fork cannot use its parent's stores (`closed`), but may build its own layer over the same file.
///
/// Building opens the store; closing the scope writes what is queued and closes it, and handles that
/// are still held fail with `closed` from then on. A file is open once in a process, and may be
/// open in several processes.
///
/// A read is done inside the call, decoded straight from the memory map. A write completes once it
/// is on the disk: no crash of the process, of the system, or of the power loses it. setMany is all
/// or nothing, and so is clear, whose space comes back step by step.
///
/// @par Errors        PersistanceBackingError from the build, method "make": `unavailable`
///                    `readOnly` `full` for what the operating system says; `corrupt` where the
///                    file was cut, damaged or emptied; `wrongType` where it is not this library's,
///                    of a later format, or of LMDB 1.0; `alreadyOpen` in this process;
///                    `alreadyExists`; `timeout`.
/// @par Cancellation  Terminal; ends with operation_aborted. A write that is still queued is not
///                    applied; one that is being committed is applied wholly or not at all.
/// @par Threads       Any number of threads at once, on one object or several; a coroutine resumes
///                    on its own executor. The layer itself has one thread that writes, one that
///                    watches the deadlines, and readThreads more.
[[nodiscard]] layer::Layer<layer::Requires<>, layer::Provides<BackingPersistance>> layerLmdb(
    LmdbOptions options);

/// Scans the store of a layerLmdb while it is in use: every checksum, every index, every store.
///
/// @par Errors        PersistanceBackingError, method "verify": `unsupported` where `backing` is
///                    not of layerLmdb; what reading fails with. Damage is no error but is in the
///                    report.
/// @par Cancellation  Terminal; ends with operation_aborted; nothing is left behind.
/// @par Cost          Reads everything, a thousand records at a time; other coroutines run in
///                    between.
[[nodiscard]] asio::awaitable<LmdbReport> verifyLmdb(BackingPersistance& backing);

}  // namespace persistance
