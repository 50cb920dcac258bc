#pragma once
/// @file
/// Durations as ISO 8601 text.

#include <optional>
#include <string>
#include <string_view>

#include <persistance/schema/detail/instant.hpp>

namespace persistance::schema::detail {

/// `P1DT2H3M4.5S`, with a minus sign in front where it is negative. Years and months, which have no
/// fixed length, are none.
[[nodiscard]] std::optional<Instant> parseDuration(std::string_view text);
[[nodiscard]] std::string printDuration(Instant duration);

}  // namespace persistance::schema::detail
