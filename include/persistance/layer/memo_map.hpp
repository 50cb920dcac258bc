#pragma once
/// @file
/// MemoMap: what is built already.

#include <memory>

namespace persistance::layer {

namespace detail {
struct Memo;
}

/// Which layers are built. Builds that use one map share their layers: a layer is built by the
/// first that asks for it and closed when the last one lets go. A cheap handle: copies are the same
/// map.
///
/// A layer that several builds share is built with the services of the first that asks for it: the
/// one that is written first, where no layer waits. Who needs another one writes `fresh`.
///
/// @par Threads   Any number of builds at once, on several executors too. A build belongs to its
///                layer and not to who asked first, so builds that overlap from both ends do not
///                wait for each other in a ring.
/// @par Lifetime  A layer is built and released on the executor of the first that asks; who waits
///                for it waits for that executor to run. Where its execution context is destroyed,
///                who waits on another one builds or releases the layer itself. A context may be
///                destroyed at any time, also while its coroutines wait for layers of another one.
class MemoMap {
 public:
  MemoMap();
  explicit MemoMap(std::shared_ptr<detail::Memo> memo) noexcept : memo_(std::move(memo)) {}

  /// A map that finds what this one has, and keeps to itself what it builds.
  [[nodiscard]] MemoMap fork() const;

  [[nodiscard]] const std::shared_ptr<detail::Memo>& memo() const noexcept { return memo_; }

 private:
  std::shared_ptr<detail::Memo> memo_;
};

}  // namespace persistance::layer
