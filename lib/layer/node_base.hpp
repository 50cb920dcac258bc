#pragma once
/// @file
/// What a kind of layer has to say.

#include "entry.hpp"

namespace persistance::layer::detail {

/// An immutable description of a layer; its address is the layer's identity.
class Node {
 public:
  Node() = default;
  Node(const Node&) = delete;
  Node& operator=(const Node&) = delete;
  virtual ~Node() = default;

  /// Goes on with a build: `phase` is 0 at first and one more each time that what it asked for is
  /// there. Ends with done(), fail() or an exception.
  virtual void advance(Build& build, int phase) const = 0;

  /// What needs no building at all; else null.
  [[nodiscard]] virtual const Services* value() const { return nullptr; }

  /// One build in a memo map; else each request has its own.
  [[nodiscard]] virtual bool memoised() const { return true; }
};

}  // namespace persistance::layer::detail
