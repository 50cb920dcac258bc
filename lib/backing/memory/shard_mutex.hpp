#pragma once
/// @file
/// A mutex for moments.

#include <atomic>

namespace persistance::backing::memory {

/// A mutex that is held for less time than it takes to put a thread to sleep and to wake it. Who finds
/// it taken looks again for a while, without writing to it, before it sleeps.
class ShardMutex {
 public:
  void lock() noexcept {
    if (take(free, held)) return;
    for (int looks = 0; looks < 100; ++looks) {
      pause();
      if (state_.load(std::memory_order_relaxed) == free && take(free, held)) return;
    }
    while (state_.exchange(awaited, std::memory_order_acquire) != free)
      state_.wait(awaited, std::memory_order_relaxed);
  }
  void unlock() noexcept {
    if (state_.exchange(free, std::memory_order_release) == awaited) state_.notify_one();
  }

 private:
  static constexpr int free = 0;
  static constexpr int held = 1;
  static constexpr int awaited = 2;  // held, and somebody may be asleep

  bool take(int from, int to) noexcept {
    return state_.compare_exchange_strong(from, to, std::memory_order_acquire,
                                          std::memory_order_relaxed);
  }
  static void pause() noexcept {
#if defined(__x86_64__) || defined(__i386__)
    __builtin_ia32_pause();
#endif
  }

  std::atomic<int> state_ = free;
};

}  // namespace persistance::backing::memory
