#pragma once
/// @file
/// Points in time as ISO 8601 text.

#include <optional>
#include <string>
#include <string_view>

#include <persistance/schema/detail/instant.hpp>

namespace persistance::schema::detail {

/// `2024-02-29T12:00:00.5Z`; read with any offset, `+02:00`. nullopt: it is none.
[[nodiscard]] std::optional<Instant> parseTime(std::string_view text);
[[nodiscard]] std::optional<std::string> printTime(Instant time);

}  // namespace persistance::schema::detail
