#pragma once
/// An ordered log of what happened, so that a law is one comparison.

#include <mutex>
#include <string>
#include <vector>

namespace persistance::test {

class EventLog {
 public:
  void add(std::string event) {
    const std::lock_guard lock(mutex_);
    events_.push_back(std::move(event));
  }

  /// The events so far, one space between them: "acquire1 acquire2 release2".
  std::string text() const {
    const std::lock_guard lock(mutex_);
    std::string all;
    for (const std::string& event : events_) all += (all.empty() ? "" : " ") + event;
    return all;
  }

  std::vector<std::string> events() const {
    const std::lock_guard lock(mutex_);
    return events_;
  }

  void clear() {
    const std::lock_guard lock(mutex_);
    events_.clear();
  }

 private:
  mutable std::mutex mutex_;
  std::vector<std::string> events_;
};

}  // namespace persistance::test
