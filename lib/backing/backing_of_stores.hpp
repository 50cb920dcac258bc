#pragma once
/// @file
/// A backing whose stores are at hand: the service over one function.

#include <persistance/persistance.hpp>

namespace persistance::backing {

/// The service BackingPersistance, over a function that gives a store without waiting.
class BackingOfStores : public BackingPersistance {
 public:
  asio::awaitable<Persistance<Unknown>> make(std::string storeId) final;
  asio::awaitable<std::shared_ptr<Store>> open(std::string storeId) final;

 private:
  /// The store of that id, the same one for the same id.
  /// @par Errors   Failure.
  /// @par Threads  Any number at once.
  [[nodiscard]] virtual std::shared_ptr<Store> store(const std::string& storeId) = 0;
};

}  // namespace persistance::backing
