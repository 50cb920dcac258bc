#pragma once
/// @file
/// How a server ends.

#include <chrono>
#include <optional>

namespace persistance::layer {

/// What `launch` is told about the end.
struct LaunchOptions {
  /// How long the end may take, from the cancellation or the failure on. When it has passed,
  /// `launch` ends, with ShutdownTimeout or with that failure, and leaves running what still runs;
  /// nullopt: as long as it takes.
  std::optional<std::chrono::milliseconds> shutdownDeadline;
};

}  // namespace persistance::layer
