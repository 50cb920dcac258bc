#pragma once
/// @file
/// The stores of one open backing, by their ids.

#include <memory>
#include <mutex>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include <persistance/backing/store.hpp>

namespace persistance::backing {

/// The same store for the same id, for as long as the backing is open.
/// @par Threads  Any number at once.
template <class S>
class StoresById {
 public:
  /// The store of `storeId`; where there is none yet, `make(ordinal)` makes it, under the lock. Each
  /// store has an ordinal of its own, counted from zero.
  /// @par Errors  Failure: `closed` after close().
  template <class Make>
  [[nodiscard]] std::shared_ptr<S> open(const std::string& storeId, Make make) {
    const std::lock_guard lock(mutex_);
    if (closed_) throw Failure(BackingErrc::closed);
    if (const auto known = stores_.find(storeId); known != stores_.end()) return known->second;
    std::shared_ptr<S> made = make(stores_.size());
    stores_.emplace(storeId, made);
    return made;
  }

  /// Fails every open() from here on, and gives the stores that there were; again: none.
  std::vector<std::shared_ptr<S>> close() {
    std::vector<std::shared_ptr<S>> all;
    const std::lock_guard lock(mutex_);
    closed_ = true;
    all.reserve(stores_.size());
    for (auto& [id, store] : stores_) all.push_back(std::move(store));
    stores_.clear();
    return all;
  }

 private:
  std::mutex mutex_;  // guards all below
  std::unordered_map<std::string, std::shared_ptr<S>> stores_;
  bool closed_ = false;
};

}  // namespace persistance::backing
