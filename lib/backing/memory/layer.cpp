#include <persistance/backing/memory.hpp>

#include <memory>

#include "backing/backing_of_stores.hpp"
#include "backing/memory/store.hpp"
#include "backing/stores_by_id.hpp"

namespace persistance {
namespace backing::memory {
namespace {

/// The stores of one built layer.
class Memory final : public BackingOfStores {
 public:
  explicit Memory(MemoryOptions options) : options_(std::move(options)) {}

  /// Every handle that is still held fails with `closed` from here on.
  void close() {
    for (const auto& store : stores_.close()) store->close();
  }

 private:
  std::shared_ptr<Store> store(const std::string& storeId) override {
    return stores_.open(storeId,
                        [&](std::size_t) { return std::make_shared<MemoryStore>(options_); });
  }

  const MemoryOptions options_;
  StoresById<MemoryStore> stores_;
};

}  // namespace
}  // namespace backing::memory

layer::Layer<layer::Requires<>, layer::Provides<BackingPersistance>> layerMemoryWith(
    MemoryOptions options) {
  return layer::scoped<BackingPersistance>(
      [options = std::move(options)](
          layer::Scope& scope) -> asio::awaitable<std::shared_ptr<BackingPersistance>> {
        auto memory = std::make_shared<backing::memory::Memory>(options);
        scope.addFinalizer([memory] { memory->close(); });
        co_return memory;
      });
}

}  // namespace persistance
