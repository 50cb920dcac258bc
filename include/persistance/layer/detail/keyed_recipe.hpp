#pragma once
/// @file
/// The layer of a LayerMap, from the function that makes the layer of a key.

#include <memory>
#include <type_traits>
#include <utility>

#include <persistance/layer/detail/function.hpp>
#include <persistance/layer/detail/key_map.hpp>
#include <persistance/layer/handle.hpp>

namespace persistance::layer::detail {

// The first parameter of such a function.
template <class F>
using KeyOf = std::remove_cvref_t<typename Signature<F>::Error>;

// Whether a function can be called with a key that stays what it is, and keys can be in order.
template <class Parameter>
inline constexpr bool isKeyParameter =
    !std::is_lvalue_reference_v<Parameter> || std::is_const_v<std::remove_reference_t<Parameter>>;
template <class K>
concept Ordered = requires(const K& a, const K& b) { bool(a < b); };

template <class... P>
constexpr bool takesScope(Parameters<P...>) {
  return (std::is_same_v<std::remove_cvref_t<P>, Scope> || ...);
}

template <template <class, class...> class Map, class K, class Set>
struct MapOf;
template <template <class, class...> class Map, class K, class... S>
struct MapOf<Map, K, TypeSet<S...>> {
  using type = Map<K, S...>;
};

// Makes the service `Map`.
template <class F, class Map, class Options>
class MapMaker final : public Function {
 public:
  using K = KeyOf<F>;

  MapMaker(F f, Options options)
      : f_(std::make_shared<const F>(std::move(f))), options_(std::move(options)) {}

  asio::awaitable<void> call(const Call& call, Given& given) const override {
    return make(*this, call, given);
  }

 private:
  static asio::awaitable<void> make(const MapMaker& self, const Call& call, Given& given) {
    const auto keys = std::make_shared<KeyMap<K>>(self.recipes(call), self.options_.keyLimit);
    auto close = [keys] { return KeyedLayers::close(keys); };
    call.scope.addFinalizer(std::move(close));
    for (const K& key : self.options_.preload) co_await KeyMap<K>::preload(keys, key);
    given.services = Services::one(typeIdOf<Map>, std::make_shared<Map>(keys));
  }

  typename KeyMap<K>::Recipes recipes(const Call& call) const {
    using Duration = typename Options::Duration;
    auto layerOf = [f = f_, with = Call(call.services, Scope())](const K& key) {
      return Signature<F>::AfterError::call(*f, with, key).ref();
    };
    auto idleTimeOf = [one = options_.idleTime, each = options_.idleTimeOf](const K& key) {
      return each ? Duration(each(key)) : one;
    };
    return typename KeyMap<K>::Recipes(std::move(layerOf), std::move(idleTimeOf));
  }

  const std::shared_ptr<const F> f_;
  const Options options_;
};

template <class F>
struct KeyedRecipe {
  using Made = typename Signature<F>::Result;
  using Rest = typename Signature<F>::AfterError;

  template <template <class, class...> class Map, class Options>
  static auto make(F f, Options options) {
    static_assert(AnyLayer<Made>,
                  "persistance::layer::layerMap: the function returns no Layer; it is a plain "
                  "function that takes the key and returns the layer of that key");
    static_assert(Ordered<KeyOf<F>>,
                  "persistance::layer::layerMap: the function's first parameter is the key, and "
                  "keys are kept in order: give its class an operator<");
    static_assert(isKeyParameter<typename Signature<F>::Error>,
                  "persistance::layer::layerMap: the function takes the key by a reference that "
                  "could change it; take it by value or as const K&");
    static_assert(!takesScope(Rest{}),
                  "persistance::layer::layerMap: the function takes a Scope&; write scoped in it, "
                  "so that each key has a scope of its own");
    Rest::template check<F>();
    constexpr bool right = Ordered<KeyOf<F>> && isKeyParameter<typename Signature<F>::Error>;
    if constexpr (right && requiresNothing<Made>(typename Made::Needs{})) {
      using Keyed = typename MapOf<Map, KeyOf<F>, typename Made::Gives>::type;
      FunctionPtr maker(new MapMaker<F, Keyed, Options>(std::move(f), std::move(options)));
      return LayerOf<typename Rest::Needs, TypeSet<Keyed>>(
          functionRecipe(std::move(maker), typeIdOf<Keyed>.name(), ids<TypeSet<Keyed>>()));
    }
  }
};

}  // namespace persistance::layer::detail
