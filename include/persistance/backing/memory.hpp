#pragma once
/// @file
/// The backing in memory.

#include <persistance/byte_size.hpp>
#include <persistance/layer/handle.hpp>

#include <chrono>
#include <cstddef>
#include <functional>
#include <optional>
#include <utility>

namespace persistance {

class BackingPersistance;

/// What a store in memory does with a write that does not fit into its limits.
enum class WhenFull {
  /// The write fails with `full`, and nothing is written. Before it does, it looks at every entry that
  /// has an end.
  fail,
  /// Other entries go, about those that nobody has read for long. `full` if that is not enough.
  evict,
};

/// How a backing in memory is made.
struct MemoryOptions {
  using Clock = std::function<std::chrono::steady_clock::time_point()>;

  // Limits, of each store
  /// How many entries a store holds at most. Default: no limit. Set it where strangers choose the keys.
  std::optional<std::size_t> entryLimit;
  /// How many bytes its entries take at most: keys, values, and about 48 an entry. Default: no limit.
  std::optional<ByteSize> byteLimit;
  /// What becomes of a write over a limit. Default: it fails, so that nothing is lost in silence; a
  /// cache evicts. A single entry over `byteLimit` fails in any case.
  WhenFull whenFull = WhenFull::fail;

  // Threads
  /// Into how many parts a store is split, each with a lock of its own: rounded up to a power of two,
  /// at most 256. Default: sixteen for each core, 16 at least. More cost half a kilobyte each a store;
  /// fewer make threads wait for each other.
  std::optional<std::size_t> shards;

  // Time
  /// What times to live are measured by. Called under a lock and from any thread. Default: the
  /// steady clock, which no change of the system's time moves; a test puts its own here.
  Clock clock = &std::chrono::steady_clock::now;

  MemoryOptions() = default;
  explicit MemoryOptions(Clock clock_) : clock(std::move(clock_)) {}
};

/// A backing in memory; it starts empty and ends with the layer. layerMemory is this with the
/// default options.
///
/// getMany sees, and setMany and removeMany write, all or nothing. Operations on one key complete
/// without suspending, but for one in a thousand, which lets others run; those on thousands of keys
/// let others run in between.
///
/// The child of a fork() has a copy, which it may use if no other thread of its parent was using the store
/// at the time.
///
/// Values whose time to live has run out are removed by the writes that follow, and about once a second
/// by a thread that all such stores of the process share. It also frees what clear() leaves. It is started
/// when it is first needed, takes no signals, and ends when it has nothing to do; where none can be
/// had, the operations do its work.
[[nodiscard]] layer::Layer<layer::Requires<>, layer::Provides<BackingPersistance>> layerMemoryWith(
    MemoryOptions options);

}  // namespace persistance
