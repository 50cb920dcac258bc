#pragma once
/// @file
/// An executor, for as long as its execution context is there.

#include <memory>
#include <mutex>
#include <optional>
#include <unordered_set>
#include <utility>

#include <persistance/asio.hpp>

namespace persistance::layer::detail {

class Home;

/// The homes of one execution context. It outlives the context; `stop` is the moment after which
/// nothing is posted and no executor is kept: a strand must not outlive its context.
class Homes {
 public:
  void stop() noexcept;

 private:
  friend class Home;

  // Also held while something is posted: the context stops this before its scheduler, so what is
  // posted under the lock always finds a living scheduler.
  std::mutex mutex_;
  bool stopped_ = false;
  std::unordered_set<Home*> homes_;
};

/// The executor that somebody asked on. What is built may outlive the execution context that it was
/// built on, so nothing that lives as long as a layer keeps an executor; it keeps this.
/// @par Threads  Any number of threads at once.
class Home {
 public:
  explicit Home(const asio::any_io_executor& executor);
  Home(const Home&) = delete;
  Home& operator=(const Home&) = delete;
  ~Home();

  /// Runs `f` on the executor, never in here. False: the context is gone, and `f` is dropped.
  template <class F>
  bool post(F f) {
    const std::lock_guard lock(all_->mutex_);
    if (!executor_) return false;
    asio::post(*executor_, std::move(f));
    return true;
  }

  /// The executor; nullopt: its context is gone. From a thread of that context only: what this gives
  /// must not outlive it.
  [[nodiscard]] std::optional<asio::any_io_executor> executor() const;
  /// Its context is there.
  [[nodiscard]] bool alive() const;
  [[nodiscard]] bool same(const Home& other) const;

 private:
  friend class Homes;

  const std::shared_ptr<Homes> all_;
  std::optional<asio::any_io_executor> executor_;  // guarded by `all_->mutex_`
};
using HomePtr = std::shared_ptr<Home>;

}  // namespace persistance::layer::detail
