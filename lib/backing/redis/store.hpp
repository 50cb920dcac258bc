#pragma once
/// @file
/// One store's entries in Redis.

#include <persistance/backing/store.hpp>

#include "backing/redis/client.hpp"

namespace persistance::backing::redis {

/// Each entry is one Redis string under the name that names.hpp gives it; Redis itself lets it
/// expire.
class RedisStore : public Store {
 public:
  RedisStore(std::shared_ptr<Client> client, const std::string& storeId);

  asio::awaitable<void> read(std::span<const std::string> keys, Sink& sink) override;
  asio::awaitable<void> write(std::span<Entry> entries) override;
  asio::awaitable<void> remove(const std::string& key) override;
  asio::awaitable<void> clear() override;
  asio::awaitable<void> readOne(const std::string& key, Sink& sink) override;
  asio::awaitable<void> removeMany(std::span<const std::string> keys) override;
  asio::awaitable<void> exchange(Exchange& exchange) override;
  asio::awaitable<void> find(const std::string& key, Sink& sink,
                             std::optional<std::chrono::milliseconds>& timeToLive) override;
  asio::awaitable<void> keys(const KeyQuery& query, KeyPage& page) override;

 private:
  [[nodiscard]] asio::awaitable<void> readMany(std::span<const std::string> keys, Sink& sink);
  [[nodiscard]] asio::awaitable<void> writeMany(std::span<Entry> entries);
  [[nodiscard]] asio::awaitable<void> runExchange(Exchange& exchange);
  [[nodiscard]] std::string setWire(const Entry& entry) const;
  void checkSize(const Unknown& value) const;
  [[nodiscard]] std::uint16_t slotOf(std::string_view key) const;
  [[nodiscard]] Clock::time_point deadline() const;

  const std::shared_ptr<Client> client_;
  const std::string names_;       // what all names of this store begin with
  const std::uint16_t namesCrc_;  // of names_
};

}  // namespace persistance::backing::redis
