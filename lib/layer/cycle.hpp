#pragma once
/// @file
/// Layers that wait for themselves.

#include <string>

namespace persistance::layer::detail {

class Asker;
class Instance;

/// Whether `asker` works for something that `instance` waits for; then waiting for `instance` would
/// never end. Gives the names of the cycle, or nothing. Under the family's mutex.
[[nodiscard]] std::string cycleOf(const Asker& asker, const Instance& instance);

}  // namespace persistance::layer::detail
