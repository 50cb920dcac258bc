#pragma once
/// @file
/// Layer, and the two sets of services in its type.

#include <utility>

#include <persistance/layer/context.hpp>
#include <persistance/layer/detail/misuse.hpp>
#include <persistance/layer/detail/recipe.hpp>
#include <persistance/layer/detail/type_set.hpp>

namespace persistance::layer {

/// The services that a layer needs, as a set: order and repeats do not matter.
template <class... S>
struct Requires {};

/// The services that a layer gives, as a set: order and repeats do not matter.
template <class... S>
struct Provides {};

template <class Requires, class Provides>
class Layer;

/// How to build services, and what is needed for it. A value that does nothing until it is built.
///
/// A cheap handle: copies are the same layer, and a build makes one layer once however often it is
/// used. Calling a factory twice makes two layers. A layer converts to one that requires more or
/// provides less, and stays the same layer.
///
/// @par Threads  Any number of builds of one layer at once.
template <class... R, class... P>
class [[nodiscard]] Layer<Requires<R...>, Provides<P...>> {
 public:
  using Needs = detail::MakeSet<R...>;
  using Gives = detail::MakeSet<P...>;

  explicit Layer(detail::RecipePtr recipe) noexcept : recipe_(std::move(recipe)) {}

  // The first condition spares the compiler the others wherever a layer is merely copied.
  template <class... LessR, class... MoreP>
    requires(!std::is_same_v<Layer<Requires<LessR...>, Provides<MoreP...>>, Layer>) &&
            (detail::isSubset<detail::MakeSet<LessR...>, Needs>) &&
            (detail::isSubset<Gives, detail::MakeSet<MoreP...>>)
  Layer(const Layer<Requires<LessR...>, Provides<MoreP...>>&  // NOLINT(google-explicit-constructor)
            other)
      : recipe_(other.recipe()) {}

  // One that lacks nothing but the names of base classes gets its sentence.
  template <class R2, class... Other>
    requires(!std::is_same_v<Layer<R2, Provides<Other...>>, Layer>) &&
            (!detail::isSubset<Gives, detail::MakeSet<Other...>>) &&
            (detail::lacksOnlyBases<detail::MakeSet<Other...>>(Gives{}))
  Layer(const Layer<R2, Provides<Other...>>& /*other*/) {  // NOLINT(google-explicit-constructor)
    detail::sayBases<detail::MakeSet<Other...>>(Gives{});
  }

  [[nodiscard]] const detail::RecipePtr& recipe() const noexcept { return recipe_; }
  [[nodiscard]] detail::Ref ref() const {
    return detail::Ref(recipe_, detail::ids<Needs>(), detail::ids<Gives>());
  }

  /// The same layer, whatever its handles' types.
  template <class R2, class P2>
  [[nodiscard]] bool operator==(const Layer<R2, P2>& other) const noexcept {
    return recipe_ == other.recipe();
  }

 private:
  detail::RecipePtr recipe_;
};

namespace detail {

template <class T>
struct IsLayer : std::false_type {};
template <class R, class P>
struct IsLayer<Layer<R, P>> : std::true_type {};

/// A Layer of any type.
template <class T>
concept AnyLayer = IsLayer<T>::value;

/// The layer type of two sets.
template <class NeedsSet, class GivesSet>
using LayerOf = Layer<Spelled<Requires, NeedsSet>, Spelled<Provides, GivesSet>>;

template <class Self, class Dependency>
using NeedsProvided =
    Union<Minus<typename Self::Needs, typename Dependency::Gives>, typename Dependency::Needs>;

}  // namespace detail
}  // namespace persistance::layer
