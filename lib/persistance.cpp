#include <persistance/persistance.hpp>

namespace persistance {

asio::awaitable<std::shared_ptr<backing::Store>> BackingPersistance::open(std::string storeId) {
  const Persistance<Unknown> made = co_await make(std::move(storeId));
  if (auto store = made.operations_->bytes()) co_return store;
  throw PersistanceBackingError("make", {}, BackingErrc::closed,
                                "the backing made a handle without a store");
}

}  // namespace persistance
