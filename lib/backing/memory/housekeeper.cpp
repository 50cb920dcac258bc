#include "backing/memory/housekeeper.hpp"

#include "async/signals_blocked.hpp"

#include <pthread.h>

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <thread>

namespace persistance::backing::memory {
namespace {

constexpr auto interval = std::chrono::seconds(1);
constexpr std::size_t slotsAStep = 1024;
constexpr auto pause = std::chrono::microseconds(200);

/// One for the process. It is never destroyed, since its thread may outlive main().
class Housekeeper {
 public:
  static Housekeeper& get() {
    static Housekeeper& one = *new Housekeeper;
    return one;
  }

  void sweep(std::weak_ptr<Swept> store) {
    const std::lock_guard lock(mutex_);
    stores_.push_back(std::move(store));
    start();
  }

  /// May leave the tables where they are, and throw.
  void destroy(std::vector<Table>& tables) {
    {
      const std::lock_guard lock(mutex_);
      discarded_.reserve(discarded_.size() + 1);
      start();
      discarded_.push_back(std::move(tables));
    }
    changed_.notify_one();
  }

 private:
  // A child has the memory of its parent, and not the thread.
  Housekeeper() {
    ::pthread_atfork([] { get().mutex_.lock(); }, [] { get().mutex_.unlock(); },
                     [] {
                       get().running_ = false;
                       get().mutex_.unlock();
                     });
  }

  void start() {
    if (running_) return;
    const async::SignalsBlocked blocked;
    std::thread([this] { run(); }).detach();
    running_ = true;
  }

  void run() noexcept {
    std::unique_lock lock(mutex_);
    while (!stores_.empty() || !discarded_.empty()) {
      if (discarded_.empty()) changed_.wait_for(lock, interval);
      destroyDiscarded(lock);
      sweepStores(lock);
    }
    running_ = false;
  }

  void destroyDiscarded(std::unique_lock<std::mutex>& lock) {
    while (!discarded_.empty()) {
      std::vector<Table> tables = std::move(discarded_.back());
      discarded_.pop_back();
      lock.unlock();
      for (Table& table : tables) destroy(std::exchange(table, Table()));
      lock.lock();
    }
  }

  // With pauses: who frees without one keeps the allocator from all others.
  static void destroy(Table table) {
    for (std::size_t first = 0; first < table.slots(); first += slotsAStep) {
      table.release(first, slotsAStep);
      std::this_thread::sleep_for(pause);
    }
  }

  void sweepStores(std::unique_lock<std::mutex>& lock) {
    const auto now = std::chrono::steady_clock::now();
    if (now < next_) return;
    next_ = now + interval;
    for (std::size_t i = 0; i < stores_.size();) {
      auto store = stores_[i].lock();
      lock.unlock();
      const bool again = store && store->sweepAll();
      store.reset();  // it may be the last to hold it
      lock.lock();
      if (again) {
        ++i;
      } else {
        stores_.erase(stores_.begin() + static_cast<std::ptrdiff_t>(i));
      }
    }
  }

  std::mutex mutex_;  // guards all below
  std::condition_variable changed_;
  std::vector<std::weak_ptr<Swept>> stores_;
  std::vector<std::vector<Table>> discarded_;
  std::chrono::steady_clock::time_point next_;
  bool running_ = false;
};

}  // namespace

void sweepInTime(std::weak_ptr<Swept> store) noexcept {
  try {
    Housekeeper::get().sweep(std::move(store));
  } catch (const std::exception&) {  // no thread, no memory: the writes sweep
  }
}

void destroyElsewhere(std::vector<Table> tables) noexcept {
  try {
    Housekeeper::get().destroy(tables);
  } catch (const std::exception&) {
    tables.clear();
  }
}

}  // namespace persistance::backing::memory
