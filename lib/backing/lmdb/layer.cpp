#include <persistance/backing/lmdb.hpp>

#include "backing/lmdb/database.hpp"
#include "backing/lmdb/verify.hpp"

namespace persistance {

namespace {

namespace lmdb = backing::lmdb;

[[noreturn]] void rethrowAs(const char* method, const backing::Failure& failure) {
  throw PersistanceBackingError(method, {}, failure.code(), failure.detail(),
                                std::current_exception());
}

class LmdbPersistance final : public BackingPersistance {
 public:
  explicit LmdbPersistance(std::unique_ptr<lmdb::Database> database)
      : database_(std::move(database)) {}

  asio::awaitable<Persistance<Unknown>> make(std::string storeId) override {
    try {
      co_return Persistance<Unknown>(database_->store(storeId));
    } catch (const backing::Failure& failure) {
      rethrowAs("make", failure);
    }
  }

  [[nodiscard]] lmdb::Database& database() noexcept { return *database_; }

 private:
  std::unique_ptr<lmdb::Database> database_;
};

asio::awaitable<std::shared_ptr<LmdbPersistance>> open(LmdbOptions options) {
  try {
    co_return std::make_shared<LmdbPersistance>(co_await lmdb::Database::open(std::move(options)));
  } catch (const backing::Failure& failure) {
    rethrowAs("make", failure);
  }
}

asio::awaitable<void> close(std::shared_ptr<LmdbPersistance> service) {
  try {
    co_await service->database().close();
  } catch (const backing::Failure& failure) {
    rethrowAs("close", failure);
  }
}

}  // namespace

layer::Layer<layer::Requires<>, layer::Provides<BackingPersistance>> layerLmdb(
    LmdbOptions options) {
  return layer::scoped<BackingPersistance>(
      [options = std::move(options)](
          layer::Scope& scope) -> asio::awaitable<std::shared_ptr<BackingPersistance>> {
        auto service = co_await open(options);
        scope.addFinalizer([service] { return close(service); });
        co_return service;
      });
}

asio::awaitable<LmdbReport> verifyLmdb(BackingPersistance& backing) {
  auto* const ours = dynamic_cast<LmdbPersistance*>(&backing);
  if (ours == nullptr)
    throw PersistanceBackingError("verify", {}, BackingErrc::unsupported,
                                  "this backing is not of layerLmdb");
  try {
    co_return co_await lmdb::verify(ours->database().engine());
  } catch (const backing::Failure& failure) {
    rethrowAs("verify", failure);
  }
}

}  // namespace persistance
