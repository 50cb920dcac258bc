#include "watch.hpp"

namespace persistance::layer::detail {

void Watch::tell(LayerEvent::Kind kind, std::string_view layer, const std::exception_ptr& error) {
  if (!observer_) return;
  using Kind = LayerEvent::Kind;
  const auto now = std::chrono::steady_clock::now();
  LayerEvent event(kind, layer);
  event.error = error;
  if (kind == Kind::began || kind == Kind::releaseBegan) {
    began_ = now;
  } else if (began_ == std::chrono::steady_clock::time_point()) {
    return;  // it failed before its function was called
  } else {
    event.duration = now - began_;
  }
  try {
    (*observer_)(event);
  } catch (...) {
    // What watches does not change what it sees.
  }
}

}  // namespace persistance::layer::detail
