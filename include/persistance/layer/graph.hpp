#pragma once
/// @file
/// graph: the wiring as a picture.

#include <string>

#include <persistance/layer/handle.hpp>

namespace persistance::layer {
namespace detail {

[[nodiscard]] std::string drawGraph(const Ref& ref);

}  // namespace detail

/// The wiring of a layer as a Mermaid flowchart: a box for each service and an arrow to each that
/// it requires. A layer that is shared is one box. Nothing is built: what a `suspend`, `unwrap` or
/// `flatMap` will return is one box of that name.
template <detail::AnyLayer L>
[[nodiscard]] std::string graph(const L& layer) {
  return detail::drawGraph(layer.ref());
}

}  // namespace persistance::layer
