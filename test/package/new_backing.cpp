// A backing outside of the library, as small as one can be: maps under a lock. It runs the suite that every
// backing runs.
#include <algorithm>
#include <atomic>
#include <map>
#include <mutex>

#include <doctest/doctest.h>

#include <persistance/persistance.hpp>

#include "contract/suite.hpp"

namespace {

using namespace persistance;
namespace contract = test::contract;
using Time = std::chrono::milliseconds;
using Bytes = std::vector<std::byte>;

/// What the maps tell the time by: milliseconds since the test began.
using Clock = std::shared_ptr<std::atomic<Time::rep>>;

class MapStore final : public backing::Store {
 public:
  explicit MapStore(Clock clock) : clock_(std::move(clock)) {}

  void close() {
    const std::lock_guard lock(mutex_);
    closed_ = true;
  }

  // What is done when the function returns gives an empty awaitable.
  asio::awaitable<void> read(std::span<const std::string> keys, backing::Sink& sink) override {
    std::vector<std::optional<Bytes>> values;
    {
      const std::lock_guard lock(mutex_);
      refuseWhenClosed();
      for (const std::string& key : keys) {
        const Value* found = alive(key);
        values.push_back(found != nullptr ? std::optional(found->bytes) : std::nullopt);
      }
    }
    for (std::size_t slot = 0; slot < values.size(); ++slot) {  // never under the lock
      if (values[slot]) sink.found(slot, *values[slot]);
    }
    return {};
  }

  asio::awaitable<void> write(std::span<backing::Entry> entries) override {
    const std::lock_guard lock(mutex_);
    refuseWhenClosed();
    for (const backing::Entry& entry : entries) {
      const auto bytes = entry.value.bytes();
      entries_[entry.key] = Value{Bytes(bytes.begin(), bytes.end()), endOf(entry.timeToLive)};
    }
    return {};
  }

  asio::awaitable<void> remove(const std::string& key) override {
    const std::lock_guard lock(mutex_);
    refuseWhenClosed();
    entries_.erase(key);
    return {};
  }

  asio::awaitable<void> exchange(backing::Exchange& exchange) override {
    const std::lock_guard lock(mutex_);
    refuseWhenClosed();
    const Value* found = alive(exchange.key);
    if ((found != nullptr) != exchange.expected.has_value()) return {};
    if (found != nullptr && !std::ranges::equal(found->bytes, exchange.expected->bytes()))
      return {};
    exchange.done = true;
    if (!exchange.desired) {
      entries_.erase(exchange.key);
      return {};
    }
    const auto bytes = exchange.desired->bytes();
    entries_[exchange.key] = Value{Bytes(bytes.begin(), bytes.end()), endOf(exchange.timeToLive)};
    return {};
  }

  asio::awaitable<void> find(const std::string& key, backing::Sink& sink,
                             std::optional<Time>& timeToLive) override {
    std::optional<Bytes> bytes;
    {
      const std::lock_guard lock(mutex_);
      refuseWhenClosed();
      if (const Value* found = alive(key)) {
        bytes = found->bytes;
        if (found->end != Time::max()) timeToLive = found->end - Time(clock_->load());
      }
    }
    if (bytes) sink.found(0, *bytes);
    return {};
  }

  asio::awaitable<void> keys(const KeyQuery& query, KeyPage& page) override {
    const std::lock_guard lock(mutex_);
    refuseWhenClosed();
    auto next = query.after() ? entries_.upper_bound(*query.after()) : entries_.begin();
    for (; next != entries_.end(); ++next) {
      if (!next->first.starts_with(query.prefix()) || alive(next->first) == nullptr) continue;
      if (page.keys.size() == query.limit()) {
        page.next = page.keys.back();
        break;
      }
      page.keys.push_back(next->first);
    }
    return {};
  }

  asio::awaitable<void> clear() override {
    const std::lock_guard lock(mutex_);
    refuseWhenClosed();
    entries_.clear();
    return {};
  }

 private:
  struct Value {
    Bytes bytes;
    Time end{};
  };

  void refuseWhenClosed() const {
    if (closed_) throw backing::Failure(BackingErrc::closed);
  }

  Time endOf(std::optional<Time> timeToLive) const {
    const Time now(clock_->load());
    return !timeToLive || *timeToLive > Time::max() - now ? Time::max() : now + *timeToLive;
  }

  const Value* alive(const std::string& key) const {
    const auto found = entries_.find(key);
    if (found == entries_.end() || found->second.end <= Time(clock_->load())) return nullptr;
    return &found->second;
  }

  const Clock clock_;
  std::mutex mutex_;  // guards all below
  std::map<std::string, Value> entries_;
  bool closed_ = false;
};

class MapBacking final : public BackingPersistance {
 public:
  explicit MapBacking(Clock clock) : clock_(std::move(clock)) {}

  asio::awaitable<Persistance<Unknown>> make(std::string storeId) override {
    const std::lock_guard lock(mutex_);
    std::shared_ptr<MapStore>& store = stores_[storeId];
    if (!store) store = std::make_shared<MapStore>(clock_);
    co_return Persistance<Unknown>(store);
  }

  void close() {
    const std::lock_guard lock(mutex_);
    for (const auto& [id, store] : stores_) store->close();
  }

 private:
  const Clock clock_;
  std::mutex mutex_;
  std::map<std::string, std::shared_ptr<MapStore>> stores_;
};

contract::BackingLayer layerMap(Clock clock) {
  return layer::scoped<BackingPersistance>(
      [clock](layer::Scope& scope) -> asio::awaitable<std::shared_ptr<BackingPersistance>> {
        auto backing = std::make_shared<MapBacking>(clock);
        scope.addFinalizer([backing] { backing->close(); });
        co_return backing;
      });
}

}  // namespace

TEST_SUITE("package new backing") {
  TEST_CASE("contract") {
    const auto clock = std::make_shared<std::atomic<Time::rep>>(0);
    contract::Subject subject;
    subject.fresh = [clock] { return layerMap(clock); };
    subject.pass = [clock](Time time) -> asio::awaitable<void> {
      *clock += time.count();
      co_return;
    };
    for (const contract::Check& check : contract::checks()) {
      SUBCASE(check.name) { check.run(subject); }
    }
  }
}
