#pragma once
/// @file
/// One store's entries in Redis.

#include <persistance/backing/store.hpp>

#include "backing/redis/client.hpp"

namespace persistance::redis {

/// Each entry is one Redis string under the name that key.hpp gives it; Redis itself lets it
/// expire.
class RedisStore : public backing::Store {
 public:
  RedisStore(std::shared_ptr<Client> client, const std::string& storeId);

  asio::awaitable<void> read(std::span<const std::string> keys, backing::Sink& sink) override;
  asio::awaitable<void> write(std::span<backing::Entry> entries) override;
  asio::awaitable<void> remove(const std::string& key) override;
  asio::awaitable<void> clear() override;
  asio::awaitable<void> readOne(const std::string& key, backing::Sink& sink) override;
  asio::awaitable<void> removeIfUnchanged(const std::string& key,
                                          std::span<const std::byte> bytes) override;

 private:
  [[nodiscard]] asio::awaitable<void> readMany(std::span<const std::string> keys,
                                               backing::Sink& sink);
  [[nodiscard]] asio::awaitable<void> writeMany(std::span<backing::Entry> entries);
  [[nodiscard]] asio::awaitable<std::size_t> clearOnce(std::shared_ptr<const Routing> routing,
                                                       Clock::time_point deadline);
  [[nodiscard]] asio::awaitable<std::string> clearStep(NodePtr node, bool cluster,
                                                       std::string cursor, std::size_t& removed,
                                                       Clock::time_point deadline);
  void writeSet(std::string& wire, const backing::Entry& entry) const;
  [[nodiscard]] std::uint16_t slotOf(std::string_view key) const;
  [[nodiscard]] Clock::time_point deadline() const;

  const std::shared_ptr<Client> client_;
  const std::string names_;       // what all names of this store begin with
  const std::uint16_t namesCrc_;  // of names_
};

}  // namespace persistance::redis
