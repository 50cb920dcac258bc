#include <memory>

#include <persistance/backing/redis.hpp>

#include "backing/backing_of_stores.hpp"
#include "backing/redis/client.hpp"
#include "backing/stores_by_id.hpp"

namespace persistance {
namespace backing::redis {
namespace {

/// The stores of one client.
class RedisStores final : public BackingOfStores {
 public:
  explicit RedisStores(std::shared_ptr<Client> client) : client_(std::move(client)) {}

 private:
  std::shared_ptr<Store> store(const std::string& storeId) override {
    if (client_->closing()) throw Failure(BackingErrc::closed);
    return stores_.open(storeId, [&](std::size_t) { return client_->store(storeId); });
  }

  const std::shared_ptr<Client> client_;
  StoresById<Store> stores_;
};

asio::awaitable<std::shared_ptr<BackingPersistance>> build(RedisOptions options,
                                                           layer::Scope scope) {
  std::shared_ptr<Client> client;
  try {
    client = co_await Client::open(std::move(options));
  } catch (const Failure& failure) {
    throw PersistanceBackingError("make", {}, failure.code(), failure.detail(),
                                  std::current_exception());
  }
  scope.addFinalizer([client] { return client->close(); });
  co_return std::make_shared<RedisStores>(client);
}

}  // namespace
}  // namespace backing::redis

layer::Layer<layer::Requires<>, layer::Provides<BackingPersistance>> layerRedis(
    RedisOptions options) {
  return layer::scoped<BackingPersistance>([options = std::move(options)](layer::Scope& scope) {
    return backing::redis::build(options, scope);
  });
}

}  // namespace persistance
