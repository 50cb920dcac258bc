#include <persistance/backing/lmdb.hpp>

#include "backing/lmdb/database.hpp"
#include "backing/lmdb/verify.hpp"

#include <persistance/detail/guard.hpp>

namespace persistance {
layer::Layer<layer::Requires<>, layer::Provides<BackingPersistance>> layerLmdb(
    LmdbOptions options) {
  return layer::scoped<BackingPersistance>(
      [options = std::move(options)](
          layer::Scope& scope) -> asio::awaitable<std::shared_ptr<BackingPersistance>> {
        auto database = co_await detail::awaitAs("make", backing::lmdb::Database::open(options));
        scope.addFinalizer([database] { return detail::awaitAs("close", database->close()); });
        co_return database;
      });
}

asio::awaitable<LmdbReport> verifyLmdb(BackingPersistance& backing) {
  auto* const database = dynamic_cast<backing::lmdb::Database*>(&backing);
  if (database == nullptr)
    throw PersistanceBackingError("verify", {}, BackingErrc::unsupported,
                                  "this backing is not of layerLmdb");
  co_return co_await detail::awaitAs("verify", backing::lmdb::verify(database->file()));
}

}  // namespace persistance
