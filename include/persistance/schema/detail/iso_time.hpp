#pragma once
/// @file
/// Points in time as ISO 8601 text.

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include <persistance/schema/detail/instant.hpp>

namespace persistance::schema::detail {

/// `2024-02-29T12:00:00.5Z`; read with any offset, `+02:00`. nullopt: it is none.
[[nodiscard]] std::optional<Instant> parseTime(std::string_view text);
[[nodiscard]] std::optional<std::string> printTime(Instant time);

/// `2024-02-29`, of the years 0 to 9999. nullopt: it is none.
[[nodiscard]] std::optional<std::chrono::year_month_day> parseDate(std::string_view text);
[[nodiscard]] std::optional<std::string> printDate(const std::chrono::year_month_day& date);

}  // namespace persistance::schema::detail
