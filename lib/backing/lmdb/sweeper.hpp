#pragma once
/// @file
/// Deletes, step by step, what has expired and what was cleared.

#include "backing/lmdb/write_access.hpp"

namespace persistance::backing::lmdb {

/// What is not swept is hidden from readers all the same; so a sweep may fail, and is tried again.
///
/// @par Threads  The writer's thread.
class Sweeper {
 public:
  using Clock = WriteAccess::Clock;

  Sweeper(WriteAccess& access, const LmdbOptions& options);

  /// When the next step is due.
  [[nodiscard]] Clock::time_point next() const noexcept { return next_; }
  /// A store was cleared: there is something to sweep now.
  void wake() noexcept { next_ = Clock::now(); }
  /// One step, a transaction of its own.
  void sweep();

 private:
  [[nodiscard]] bool step();
  [[nodiscard]] bool makeRoomToDelete();

  WriteAccess& access_;
  const LmdbOptions& options_;
  Clock::time_point next_;
  std::size_t batch_;  // smaller while there is hardly room to delete
};

}  // namespace persistance::backing::lmdb
