#pragma once
/// @file
/// Layer: the typed handle.

#include <utility>

#include <persistance/layer/context.hpp>
#include <persistance/layer/node.hpp>
#include <persistance/layer/type_set.hpp>

namespace persistance::layer {

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

  explicit Layer(detail::NodePtr node) noexcept : node_(std::move(node)) {}

  template <class... LessR, class... MoreP>
    requires(detail::isSubset<detail::MakeSet<LessR...>, Needs> &&
             detail::isSubset<Gives, detail::MakeSet<MoreP...>>)
  Layer(const Layer<Requires<LessR...>, Provides<MoreP...>>&
            other)  // NOLINT(google-explicit-constructor)
      : node_(other.node()) {}

  [[nodiscard]] const detail::NodePtr& node() const noexcept { return node_; }
  [[nodiscard]] detail::Ref ref() const {
    return detail::Ref(node_, detail::ids<Needs>(), detail::ids<Gives>());
  }

  /// The same layer, whatever its handles' types.
  template <class R2, class P2>
  [[nodiscard]] bool operator==(const Layer<R2, P2>& other) const noexcept {
    return node_ == other.node();
  }

 private:
  detail::NodePtr node_;
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
