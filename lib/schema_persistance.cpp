#include <persistance/persistance.hpp>
#include <persistance/typed/guard.hpp>

namespace persistance {

asio::awaitable<typed::StorePointer> SchemaPersistance::open(Backing backing, std::string storeId) {
  try {
    const Persistance<Unknown> raw = co_await backing->make(std::move(storeId));
    if (auto store = raw.operations_->bytes()) co_return store;
    throw backing::Failure(BackingErrc::closed, "the backing made a handle without a store");
  } catch (...) {
    typed::rethrow("make", {});
  }
}

}  // namespace persistance
