#pragma once
/// What is asked of hostile bytes: that nothing crashes, and that what is taken is taken for good.

#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include "../samples.hpp"

namespace persistance::test {

/// Encoded values of a schema with every constructor in it, and of parts of it.
[[nodiscard]] std::vector<Unknown> richValues();

/// Decodes the bytes under the rich schema. Throws std::logic_error when a promise is broken.
void tryDecode(std::span<const std::byte> bytes);

/// Reads the bytes as any JSON value. Throws std::logic_error when a promise is broken.
void tryJson(std::span<const std::byte> bytes);

}  // namespace persistance::test
