#pragma once
/// @file
/// A value and how long it lives.

#include <chrono>
#include <optional>
#include <utility>

namespace persistance {

/// What is stored under a key.
template <class A>
struct Stored {
  A value;
  std::optional<std::chrono::milliseconds> timeToLive;  ///< What is left of it; nullopt: for ever.

  Stored(A value_, std::optional<std::chrono::milliseconds> timeToLive_)
      : value(std::move(value_)), timeToLive(timeToLive_) {}
};

}  // namespace persistance
