#include <memory>
#include <mutex>
#include <persistance/persistance.hpp>
#include <unordered_map>

#include "backing/memory_store.hpp"

namespace persistance {
namespace {

/// The stores of one built layer, by their ids.
class MemoryPersistance final : public BackingPersistance {
 public:
  explicit MemoryPersistance(MemoryOptions options) : options_(std::move(options)) {}

  asio::awaitable<Persistance<Unknown>> make(std::string storeId) override {
    co_return Persistance<Unknown>(store(std::move(storeId)));
  }

  /// Every handle that is still held fails with `closed` from here on.
  void close() noexcept {
    const std::lock_guard lock(mutex_);
    closed_ = true;
    for (const auto& [id, store] : stores_) store->close();
  }

 private:
  std::shared_ptr<backing::Store> store(std::string storeId) {
    const std::lock_guard lock(mutex_);
    if (closed_) throw PersistanceBackingError("make", {}, BackingErrc::closed, {});
    auto& store = stores_[std::move(storeId)];
    if (!store) store = std::make_shared<backing::MemoryStore>(options_);
    return store;
  }

  const MemoryOptions options_;
  std::mutex mutex_;  // guards all below
  std::unordered_map<std::string, std::shared_ptr<backing::MemoryStore>> stores_;
  bool closed_ = false;
};

}  // namespace

layer::Layer<layer::Requires<>, layer::Provides<BackingPersistance>> layerMemoryWith(
    MemoryOptions options) {
  return layer::scoped<BackingPersistance>(
      [options = std::move(options)](
          layer::Scope& scope) -> asio::awaitable<std::shared_ptr<BackingPersistance>> {
        auto memory = std::make_shared<MemoryPersistance>(options);
        scope.addFinalizer([memory] { memory->close(); });
        co_return memory;
      });
}

}  // namespace persistance
