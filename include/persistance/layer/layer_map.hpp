#pragma once
/// @file
/// Layers by key, each there while it is used: layerMap, LayerMap.

#include <chrono>
#include <cstddef>
#include <functional>
#include <limits>
#include <memory>
#include <stdexcept>
#include <utility>
#include <vector>

#include <persistance/layer/detail/key_map.hpp>
#include <persistance/layer/detail/keyed_recipe.hpp>
#include <persistance/layer/handle.hpp>
#include <persistance/layer/scope.hpp>

namespace persistance::layer {

/// How a LayerMap keeps its layers.
template <class K>
struct LayerMapOptions {
  using Duration = std::chrono::milliseconds;

  LayerMapOptions(Duration idleTime_ = std::chrono::minutes(1))  // NOLINT: a time is enough
      : idleTime(idleTime_) {}

  /// How long a layer stays that nobody uses; 1 minute. Longer spares building it again and costs
  /// what it holds; 0 releases it with its last user.
  Duration idleTime;
  /// The same key by key; takes the place of `idleTime` where it is given.
  std::function<Duration(const K&)> idleTimeOf;
  /// How many keys may be there at once, used or idle; a further one fails with LayerMapFull. No
  /// limit: keys that strangers choose fill the memory.
  std::size_t keyLimit = std::numeric_limits<std::size_t>::max();
  /// Keys whose layers are built with the map, one after another; the map fails where one does.
  std::vector<K> preload;
};

/// Layers by key: one for each tenant, each shard, each upstream.
///
///     auto tenants = layer::layerMap([](const TenantId& id, Database& database) {
///       return layer::scoped([&database, id](layer::Scope& scope)
///                                -> asio::awaitable<std::shared_ptr<Tenant>> { ... });
///     });  // Layer<Requires<Database>, Provides<LayerMap<TenantId, Tenant>>>
///
///     co_await tenants.run(id, [](Tenant& tenant) -> asio::awaitable<void> { ... });
///
/// A key's layer is built by the first who asks for it and shared by all who use it meanwhile. When
/// the last one has let go and nobody has come for the idle time, it is released; who asks while it
/// is being released waits, and gets a new one. A layer whose build has failed, or a task of which
/// has, is forgotten: its users get the error, the next one builds anew. When the map itself is
/// released, so are all its layers: runs are cancelled and waited for, and what a scope of a user's
/// holds is released under it.
///
/// A service, and a cheap handle: copies are the same map.
///
/// @par Errors        ClosedError where the map is released; LayerMapFull.
/// @par Cancellation  Terminal; ends with operation_aborted; who waits for the same key goes on.
/// @par Threads       Any number of threads at once, on one object or several; a coroutine resumes
///                    on its own executor. The idle time runs on that of the last who let go, and
///                    there the layer is released; an error of that goes out of the executor's run,
///                    as that of any handler.
/// @par Lifetime      An awaitable keeps what it needs alive. An execution context may be destroyed
///                    at any time: a release that was under way on it is ended by the next who asks
///                    for the key, on their own.
template <class K, class... S>
class LayerMap {
 public:
  /// To be assigned to: an empty handle has no keys, and who asks it for one gets ClosedError.
  LayerMap() : map_(detail::KeyMap<K>::closed()) {}
  explicit LayerMap(std::shared_ptr<detail::KeyMap<K>> map) noexcept : map_(std::move(map)) {}

  /// Calls `f` with the services of the key that its parameters name, as `run` does, and lets go
  /// on every way out.
  /// @par Returns  What `f` returned.
  /// @par Errors   What the key's layer or `f` threw.
  template <class F>
  [[nodiscard]] auto run(K key, F f) const {
    if constexpr (detail::runnable<Layer<Requires<>, Provides<S...>>, F>()) {
      using Runner = detail::BodyRunner<F, detail::KeyRunner<K>>;
      return Runner::run(std::move(f), detail::KeyRunner<K>(map_, std::move(key)));
    } else {
      return detail::RunOf<F>();
    }
  }

  /// The services of the key, which are used until `scope` closes.
  /// @par Errors  What the key's layer threw.
  [[nodiscard]] asio::awaitable<Context<S...>> get(K key, Scope scope) const {
    using Maker = detail::ContextMaker<detail::MakeSet<S...>>;
    return Maker::make(detail::KeyMap<K>::give(map_, std::move(key), std::move(scope)));
  }

  /// Builds the key's layer where it is not there, and leaves it idle.
  /// @par Errors  What the key's layer threw.
  [[nodiscard]] asio::awaitable<void> preload(K key) const {
    return detail::KeyMap<K>::preload(map_, std::move(key));
  }

  /// The next who asks for the key gets a new layer. The old one is released: at once, and to its
  /// end, where it is idle; else with its last user. A key that is not there: does nothing.
  /// @par Errors  CloseError: a finalizer failed.
  [[nodiscard]] asio::awaitable<void> invalidate(K key) const {
    return detail::KeyMap<K>::invalidate(map_, std::move(key));
  }

  /// The idle time of the key begins anew; builds nothing.
  void touch(const K& key) const { map_->touch(key); }

  /// The keys that are there, in order.
  [[nodiscard]] std::vector<K> keys() const { return map_->keys(); }

 private:
  std::shared_ptr<detail::KeyMap<K>> map_;
};

/// A layer of a LayerMap. `f` is a plain function: its first parameter is the key, further ones are
/// services, which the map requires; it returns a layer that requires nothing. A key has `<`.
template <class F>
auto layerMap(F f, LayerMapOptions<detail::KeyOf<F>> options = {}) {
  return detail::KeyedRecipe<F>::template make<LayerMap>(std::move(f), std::move(options));
}

}  // namespace persistance::layer
