#pragma once
/// A clock that moves when the test says so.

#include <atomic>
#include <chrono>

namespace persistance::test {

template <class Clock>
class ManualClock {
 public:
  using TimePoint = typename Clock::time_point;

  void advance(typename Clock::duration by) { ticks_ += by.count(); }

  TimePoint now() const { return TimePoint(typename Clock::duration(ticks_.load())); }

 private:
  std::atomic<typename Clock::rep> ticks_ =
      std::chrono::duration_cast<typename Clock::duration>(std::chrono::hours(1000)).count();
};

}  // namespace persistance::test
