#include <persistance/persistance.hpp>

#include <persistance/detail/guard.hpp>

namespace persistance {

asio::awaitable<std::shared_ptr<backing::Store>> BackingPersistance::open(std::string storeId) {
  const Persistance<Unknown> made = co_await make(std::move(storeId));
  if (auto store = made.operations_->bytes()) co_return store;
  throw PersistanceBackingError("make", {}, BackingErrc::closed,
                                "the backing made a handle without a store");
}

asio::awaitable<detail::StorePointer> SchemaPersistance::open(Backing backing,
                                                              std::string storeId) {
  try {
    co_return co_await backing->open(std::move(storeId));
  } catch (...) {
    detail::rethrowAs("make");
  }
}

}  // namespace persistance
