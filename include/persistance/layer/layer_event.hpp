#pragma once
/// @file
/// What is told of a layer while it is built and released.

#include <chrono>
#include <exception>
#include <functional>
#include <string_view>

namespace persistance::layer {

/// One thing that happened to a layer that a function makes.
struct LayerEvent {
  enum class Kind {
    began,         ///< Its function is called.
    ended,         ///< It is built.
    failed,        ///< Its function threw, or it was cancelled; what it acquired is released next.
    releaseBegan,  ///< Its last user has let go.
    releaseEnded   ///< Its last finalizer has ended.
  };

  Kind kind;
  std::string_view layer;                          ///< Its service's name; lives for ever.
  std::chrono::steady_clock::duration duration{};  ///< Since it began; zero for what begins.
  std::exception_ptr error;  ///< Of `failed`; and of `releaseEnded`, the first.

  LayerEvent(Kind kind_, std::string_view layer_) : kind(kind_), layer(layer_) {}
};

/// Called on the thread that builds or releases; it must not wait, and what it throws is dropped.
using Observer = std::function<void(const LayerEvent&)>;

}  // namespace persistance::layer
