#pragma once
/// @file
/// The keys of a LayerMap, and the layers that are theirs.

#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <utility>
#include <vector>

#include <persistance/layer/detail/keyed_layers.hpp>

namespace persistance::layer::detail {

template <class K>
class KeyMap final : public KeyedLayers {
 public:
  using Duration = KeyedLayer::Duration;
  using Self = std::shared_ptr<KeyMap>;

  /// How the layer of a key is made, and how long it stays idle.
  struct Recipes {
    std::function<Ref(const K&)> layerOf;
    std::function<Duration(const K&)> idleTimeOf;

    Recipes(std::function<Ref(const K&)> layerOf_, std::function<Duration(const K&)> idleTimeOf_)
        : layerOf(std::move(layerOf_)), idleTimeOf(std::move(idleTimeOf_)) {}
  };

  KeyMap(Recipes recipes, std::size_t limit) : KeyedLayers(limit), recipes_(std::move(recipes)) {}

  /// One that has nothing, and is closed.
  static Self closed() {
    auto none = std::make_shared<KeyMap>(Recipes(nullptr, nullptr), 0);
    none->refuse();
    return none;
  }

  static asio::awaitable<void> run(Self self, K key, const Function& body) {
    Lease lease = co_await acquire(self, std::move(key));
    co_await Lease::run(std::move(lease), body);
  }

  static asio::awaitable<Services> give(Self self, K key, Scope scope) {
    Lease lease = co_await acquire(self, std::move(key));
    co_return co_await Lease::give(std::move(lease), std::move(scope));
  }

  static asio::awaitable<void> preload(Self self, K key) {
    Lease lease = co_await acquire(self, std::move(key));
    co_await Lease::visit(std::move(lease));
  }

  static asio::awaitable<void> invalidate(Self self, K key) {
    const KeyedPtr layer = self->takeOut(key);
    if (layer) co_await end(self, layer);
  }

  void touch(const K& key) {
    const std::lock_guard lock(mutex_);
    const auto place = current_.find(key);
    if (place != current_.end()) place->second->rest();
  }

  [[nodiscard]] std::vector<K> keys() {
    const std::lock_guard lock(mutex_);
    std::vector<K> all;
    all.reserve(current_.size());
    for (const auto& [key, layer] : current_) all.push_back(key);
    return all;
  }

 private:
  struct Keyed final : KeyedLayer {
    Keyed(K key_, std::shared_ptr<Runtime> runtime_, Duration idleTime_)
        : KeyedLayer(std::move(runtime_), idleTime_), key(std::move(key_)) {}
    const K key;
  };

  static asio::awaitable<Lease> acquire(Self self, K key) {
    for (;;) {
      const KeyedPtr layer = self->find(key);
      const Use use = self->use(*layer);
      if (use == Use::granted) co_return Lease(self, layer);
      if (use == Use::ending) co_await waitForEnd(self, layer);
    }
  }

  // The key's layer; a new one where there is none. The user's functions run outside the lock.
  KeyedPtr find(const K& key) {
    if (const KeyedPtr known = lookUp(key)) return known;
    checkOpen();
    const Ref ref = recipes_.layerOf(key);
    auto made = std::make_shared<Keyed>(key, makeRuntime(ref, MemoMap()), recipes_.idleTimeOf(key));
    const std::lock_guard lock(mutex_);
    const auto place = current_.find(key);
    if (place != current_.end()) return place->second;
    add(made);
    return current_.emplace(key, std::move(made)).first->second;
  }

  KeyedPtr lookUp(const K& key) {
    const std::lock_guard lock(mutex_);
    const auto place = current_.find(key);
    return place == current_.end() ? nullptr : place->second;
  }

  // Null: it has users, the last of whom ends it; or there is none.
  KeyedPtr takeOut(const K& key) {
    const std::lock_guard lock(mutex_);
    const auto place = current_.find(key);
    if (place == current_.end()) return nullptr;
    const KeyedPtr layer = place->second;
    return retire(*layer) ? layer : nullptr;
  }

  void forget(const KeyedLayer& layer) override {
    const auto place = current_.find(static_cast<const Keyed&>(layer).key);
    if (place != current_.end() && place->second.get() == &layer) current_.erase(place);
  }

  const Recipes recipes_;
  std::map<K, KeyedPtr> current_;  // guarded by the mutex
};

/// How `run` of a LayerMap runs a body.
template <class K>
class KeyRunner {
 public:
  KeyRunner(std::shared_ptr<KeyMap<K>> map, K key) : map_(std::move(map)), key_(std::move(key)) {}
  asio::awaitable<void> operator()(const Function& body) const {
    return KeyMap<K>::run(map_, key_, body);
  }

 private:
  std::shared_ptr<KeyMap<K>> map_;
  K key_;
};

}  // namespace persistance::layer::detail
