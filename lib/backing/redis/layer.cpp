#include <memory>
#include <mutex>
#include <persistance/backing/redis.hpp>
#include <unordered_map>

#include "backing/redis/client.hpp"

namespace persistance {
namespace {

/// The stores of one client, by their ids.
class RedisPersistance final : public BackingPersistance {
 public:
  explicit RedisPersistance(std::shared_ptr<redis::Client> client) : client_(std::move(client)) {}

  asio::awaitable<Persistance<Unknown>> make(std::string storeId) override {
    if (client_->closing()) throw PersistanceBackingError("make", {}, BackingErrc::closed, {});
    co_return Persistance<Unknown>(store(storeId));
  }

 private:
  std::shared_ptr<backing::Store> store(const std::string& storeId) {
    const std::lock_guard lock(mutex_);
    auto& store = stores_[storeId];
    if (!store) store = client_->store(storeId);
    return store;
  }

  const std::shared_ptr<redis::Client> client_;
  std::mutex mutex_;  // guards stores_
  std::unordered_map<std::string, std::shared_ptr<backing::Store>> stores_;
};

asio::awaitable<std::shared_ptr<BackingPersistance>> build(RedisOptions options,
                                                           layer::Scope scope) {
  std::shared_ptr<redis::Client> client;
  try {
    client = co_await redis::Client::open(std::move(options));
  } catch (const backing::Failure& failure) {
    throw PersistanceBackingError("make", {}, failure.code(), failure.detail(),
                                  std::current_exception());
  }
  scope.addFinalizer([client] { return client->close(); });
  co_return std::make_shared<RedisPersistance>(client);
}

}  // namespace

layer::Layer<layer::Requires<>, layer::Provides<BackingPersistance>> layerRedis(
    RedisOptions options) {
  return layer::scoped<BackingPersistance>(
      [options = std::move(options)](layer::Scope& scope) { return build(options, scope); });
}

}  // namespace persistance
