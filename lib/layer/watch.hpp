#pragma once
/// @file
/// Who is told what becomes of one layer.

#include <chrono>
#include <exception>
#include <memory>
#include <string_view>
#include <utility>

#include <persistance/layer/layer_event.hpp>

namespace persistance::layer::detail {

/// Tells an observer of the steps of one layer, with what each took.
class Watch {
 public:
  Watch() = default;
  explicit Watch(std::shared_ptr<const Observer> observer) : observer_(std::move(observer)) {}

  /// What ends without having begun is not told.
  void tell(LayerEvent::Kind kind, std::string_view layer, const std::exception_ptr& error);

 private:
  std::shared_ptr<const Observer> observer_;  // null: nobody
  std::chrono::steady_clock::time_point began_{};
};

}  // namespace persistance::layer::detail
