#pragma once
/// @file
/// MemoMap: what is built already.

#include <memory>

namespace persistance::layer {

namespace detail {
struct Memo;
}

/// Which layers are built. Builds that use one map share their layers: a layer is built by the
/// first build that asks for it, and released when the last one that uses it has closed its scope.
/// A cheap handle: copies are the same map.
///
/// A layer that several builds share has the services of the first build that asked for it. Where
/// two of them would give it different ones, write `fresh(layer)` for the one of its own.
///
/// @par Threads   Any number of builds at once, on several executors too. Two builds that share
///                layers never wait for each other, in whichever order each of them asks for them.
/// @par Lifetime  A layer is built and released on the executor of the first that asks for it; the
///                others wait until that is done, so that executor has to run. An execution context
///                may be destroyed at any time: who waits on another one for a layer of it builds
///                or releases that layer itself. What a half-built layer had acquired on it is
///                dropped, as an open scope is.
class MemoMap {
 public:
  MemoMap();
  explicit MemoMap(std::shared_ptr<detail::Memo> memo) noexcept : memo_(std::move(memo)) {}

  /// A new map, whose builds share what this one has when they ask. What they have to build
  /// themselves is shared in the new map only.
  [[nodiscard]] MemoMap fork() const;

  [[nodiscard]] const std::shared_ptr<detail::Memo>& memo() const noexcept { return memo_; }

 private:
  std::shared_ptr<detail::Memo> memo_;
};

}  // namespace persistance::layer
