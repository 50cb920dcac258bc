#pragma once
/// @file
/// A stored value as text, for an issue.

#include <cstdint>
#include <span>
#include <string>

namespace persistance::schema::detail {

/// A whole value for people: `null`, `true`, `3.9`, `"text"`, `an array of 3 items`.
[[nodiscard]] std::string valueText(std::span<const std::uint8_t> value);

}  // namespace persistance::schema::detail
