#pragma once
/// @file
/// When to stop waiting for a node that is down.

#include <chrono>
#include <cstddef>

namespace persistance::backing::redis {

/// Counts attempts to connect. While it is closed, operations wait for the connection; once open,
/// they fail at once, but for one at a time that has the node tried again at once: so the first
/// operation after the node's return need not wait for the next regular attempt.
class Breaker {
 public:
  using Time = std::chrono::steady_clock::time_point;
  enum class Answer { wait, probe, refuse };

  explicit Breaker(std::size_t threshold) : threshold_(threshold) {}

  [[nodiscard]] bool open() const noexcept { return failures_ >= threshold_; }

  /// What a new operation does while there is no connection.
  [[nodiscard]] Answer admit(Time now) noexcept {
    if (!open()) return Answer::wait;
    if (attempting_ || probing_ || hostile_ || now - lastFailure_ < probeSpacing)
      return Answer::refuse;
    probing_ = true;
    return Answer::probe;
  }

  void attempt() noexcept { attempting_ = true; }

  void failed(Time now) noexcept {
    ++failures_;
    attempting_ = probing_ = hostile_ = false;
    lastFailure_ = now;
  }

  void connected() noexcept {
    failures_ = 0;
    attempting_ = probing_ = hostile_ = false;
  }

  /// A node that is there and refuses us counts as down at once, and is left to the regular
  /// attempts: asking it again with each operation would not help.
  void refused(Time now) noexcept {
    failed(now);
    failures_ = threshold_;
    hostile_ = true;
  }

  static constexpr std::chrono::milliseconds probeSpacing{20};

 private:
  std::size_t threshold_;
  std::size_t failures_ = 0;
  bool attempting_ = false;
  bool probing_ = false;
  bool hostile_ = false;
  Time lastFailure_{};
};

}  // namespace persistance::backing::redis
