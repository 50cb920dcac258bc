#pragma once
/// @file
/// MemoMap: what is built already.

#include <memory>

namespace persistance::layer {

namespace detail {
struct Table;
}

/// Which layers are built. Builds that use one map share their layers: a layer is built by the
/// first that asks for it and closed when the last one lets go. A cheap handle: copies are the same
/// map.
///
/// @par Threads  Any number of builds at once, on several executors too.
class MemoMap {
 public:
  MemoMap();
  explicit MemoMap(std::shared_ptr<detail::Table> table) noexcept : table_(std::move(table)) {}

  /// A map that finds what this one has, and keeps to itself what it builds.
  [[nodiscard]] MemoMap fork() const;

  [[nodiscard]] const std::shared_ptr<detail::Table>& table() const noexcept { return table_; }

 private:
  std::shared_ptr<detail::Table> table_;
};

}  // namespace persistance::layer
