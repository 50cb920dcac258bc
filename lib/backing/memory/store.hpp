#pragma once
/// @file
/// One store in memory.

#include "backing/memory/housekeeper.hpp"
#include "backing/memory/shards.hpp"

#include <persistance/backing/store.hpp>

namespace persistance::backing::memory {

/// The operations of a store. Those on few keys complete inline; those on many prepare, hand over and
/// release what they move in steps, and only what has to happen at one moment happens under the locks.
class MemoryStore final : public Store,
                          public Swept,
                          public std::enable_shared_from_this<MemoryStore> {
 public:
  explicit MemoryStore(const MemoryOptions& options);
  ~MemoryStore() override;

  asio::awaitable<void> read(std::span<const std::string> keys, Sink& sink) override;
  asio::awaitable<void> readOne(const std::string& key, Sink& sink) override;
  asio::awaitable<void> find(const std::string& key, Sink& sink,
                             std::optional<std::chrono::milliseconds>& timeToLive) override;
  asio::awaitable<void> write(std::span<Entry> entries) override;
  asio::awaitable<void> exchange(Exchange& exchange) override;
  asio::awaitable<void> remove(const std::string& key) override;
  asio::awaitable<void> removeMany(std::span<const std::string> keys) override;
  asio::awaitable<void> clear() override;
  asio::awaitable<void> keys(const KeyQuery& query, KeyPage& page) override;

  bool sweepAll() noexcept override;

  /// Drops everything; what is called later fails with `closed`.
  void close() noexcept;

  /// How many entries are held, those that are over and not swept yet included.
  [[nodiscard]] std::size_t size() const { return shards_.size(); }

 private:
  asio::awaitable<void> readMany(std::span<const std::string> keys, Sink& sink);
  asio::awaitable<void> writeMany(std::span<Entry> entries);
  asio::awaitable<void> removeInSteps(std::span<const std::string> keys);

  [[nodiscard]] std::vector<Place> placesOf(std::span<const std::string> keys) const;
  [[nodiscard]] asio::awaitable<std::vector<Place>> placesInSteps(
      std::span<const std::string> keys) const;
  [[nodiscard]] Change changeOf(const Entry& entry, Now& now);
  [[nodiscard]] std::optional<TimePoint> endOf(
      const std::optional<std::chrono::milliseconds>& timeToLive, Now& now);
  static void discard(std::vector<Table> tables) noexcept;

  Shards shards_;
  std::atomic<bool> isSwept_ = false;  // the other thread knows it
};

}  // namespace persistance::backing::memory
