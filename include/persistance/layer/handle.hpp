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
/// A cheap handle: copies are the same layer, and one layer is built once in a build however often
/// it is used. Calling a factory twice makes two layers. A layer converts to one that requires more
/// or provides less, and stays the same layer.
///
/// @par Threads  Any number of builds of one layer at once.
template <class... R, class... P>
class Layer<Requires<R...>, Provides<P...>> {
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

 private:
  detail::NodePtr node_;
};

namespace detail {

template <class T>
inline constexpr bool isLayer = false;
template <class R, class P>
inline constexpr bool isLayer<Layer<R, P>> = true;

/// The layer type of two sets.
template <class NeedsSet, class GivesSet>
using LayerOf = Layer<Spelled<Requires, NeedsSet>, Spelled<Provides, GivesSet>>;

template <class Set>
using ContextOf = Spelled<Context, Set>;

}  // namespace detail

/// The same layer, whatever its handles' types.
template <class R1, class P1, class R2, class P2>
[[nodiscard]] bool operator==(const Layer<R1, P1>& a, const Layer<R2, P2>& b) noexcept {
  return a.node() == b.node();
}

}  // namespace persistance::layer
