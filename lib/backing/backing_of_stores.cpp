#include "backing/backing_of_stores.hpp"

#include <persistance/detail/guard.hpp>

namespace persistance::backing {

asio::awaitable<Persistance<Unknown>> BackingOfStores::make(std::string storeId) {
  co_return Persistance<Unknown>(co_await open(std::move(storeId)));
}

asio::awaitable<std::shared_ptr<Store>> BackingOfStores::open(std::string storeId) {
  try {
    co_return store(storeId);
  } catch (...) {
    detail::rethrowAs("make");
  }
}

}  // namespace persistance::backing
