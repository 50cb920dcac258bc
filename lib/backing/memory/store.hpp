#pragma once
/// @file
/// One store in memory.

#include <persistance/backing/memory.hpp>
#include <persistance/backing/store.hpp>

#include <map>
#include <memory>
#include <memory_resource>
#include <mutex>
#include <unordered_map>

namespace persistance::backing::memory {

/// A hash map behind one mutex. Every operation completes inline; a write of many entries and a
/// read of many keys are atomic. Values are shared, not copied, so the lock is held for the look-up
/// alone.
class MemoryStore final : public Store {
 public:
  explicit MemoryStore(MemoryOptions options);

  asio::awaitable<void> read(std::span<const std::string> keys, Sink& sink) override;
  asio::awaitable<void> readOne(const std::string& key, Sink& sink) override;
  asio::awaitable<void> write(std::span<Entry> entries) override;
  asio::awaitable<void> remove(const std::string& key) override;
  asio::awaitable<void> removeIfUnchanged(const std::string& key,
                                          std::span<const std::byte> bytes) override;
  asio::awaitable<void> clear() override;

  /// Drops everything; what is called later fails with `closed`.
  void close() noexcept;

  /// How many entries are held, dead ones that are not swept yet included.
  [[nodiscard]] std::size_t size() const;

 private:
  using TimePoint = std::chrono::steady_clock::time_point;
  using Expiries = std::multimap<TimePoint, const std::string*>;  // the key is the map's own

  struct Slot {
    Unknown value;
    Expiries::iterator expiry;  // the table's expiries.end(): lives for ever
  };
  using Map = std::pmr::unordered_map<std::string, Slot>;

  /// What the store holds. The map's nodes lie side by side in their pool, a cache line each, not
  /// between the values: looking a key up is mostly waiting for memory.
  struct Table {
    std::pmr::unsynchronized_pool_resource pool;
    Map map{&pool};
    Expiries expiries;
  };

  /// One entry of a write that can no longer fail.
  struct Prepared {
    Map::value_type* slot = nullptr;
    bool isNew = false;
    Expiries::node_type expiry;
  };

  void checkOpen() const;
  const Slot* findAlive(const std::string& key, TimePoint now) const;
  bool overwrite(Entry& entry);
  void prepare(std::span<const Entry> entries, std::span<Prepared> prepared, TimePoint now);
  void writeAll(std::span<Entry> entries, std::span<Prepared> prepared);
  void commit(Entry& entry, Prepared& prepared) noexcept;
  void erase(Map::iterator position) noexcept;
  void sweep(TimePoint now) noexcept;
  /// The clock is read only where something can expire.
  TimePoint now() const { return table_->expiries.empty() ? TimePoint() : options_.clock(); }

  const MemoryOptions options_;
  mutable std::mutex mutex_;  // guards all below; never held across a suspension
  std::unique_ptr<Table> table_ = std::make_unique<Table>();
  bool closed_ = false;
};

}  // namespace persistance::backing::memory
