#pragma once
/// @file
/// One write on its way to the disk.

#include "async/event.hpp"
#include "backing/lmdb/failure.hpp"
#include "backing/lmdb/format.hpp"

#include <memory>
#include <variant>
#include <vector>

namespace persistance::backing::lmdb {

/// One write as the writer applies it. It owns what it writes, because its caller may be gone.
struct Put {
  std::string key;
  Unknown value;
  ExpiryTime expires = never;
};
struct PutAll {
  std::vector<Put> entries;
};
struct RemoveAll {
  std::vector<std::string> keys;
};
/// As backing::Exchange, with the answer where its caller looks for it.
struct CompareAndSet {
  std::string key;
  std::optional<Unknown> expected;
  std::optional<Put> desired;
  std::shared_ptr<bool> done;
};
struct ClearAll {};
using Change = std::variant<PutAll, RemoveAll, CompareAndSet, ClearAll>;

/// A change on its way, and what became of it.
class Operation {
 public:
  using Clock = std::chrono::steady_clock;

  Operation(const asio::any_io_executor& executor, std::shared_ptr<const std::string> storeId_,
            Change change_, Clock::time_point deadline_)
      : storeId(std::move(storeId_)),
        change(std::move(change_)),
        deadline(deadline_),
        done(executor) {}

  std::shared_ptr<const std::string> storeId;
  Change change;
  Clock::time_point deadline;

  /// How many bytes it takes in the file, about.
  [[nodiscard]] std::uint64_t size() const noexcept;
  /// How many bytes of keys and values it holds.
  [[nodiscard]] std::uint64_t memory() const noexcept;
  /// It only makes room.
  [[nodiscard]] bool removes() const noexcept { return puts().empty(); }

 private:
  friend class WriteQueue;
  [[nodiscard]] std::span<const Put> puts() const noexcept;
  enum class State { queued, taken, ended };

  // Guarded by the queue's mutex; failure is read by the caller after done.
  State state = State::queued;
  std::uint64_t ticket = 0;
  std::uint64_t held = 0;  // of the queue's bytes
  std::optional<Failure> failure;
  async::Event done;
};

}  // namespace persistance::backing::lmdb
