#pragma once
/// @file
/// "one of these" for an issue's `expected`.

#include <string>
#include <string_view>
#include <vector>

#include <persistance/unknown.hpp>

namespace persistance::schema::detail {

/// `1`, `"a" or "b"`, `"a", "b" or "c"`.
[[nodiscard]] std::string choiceOf(const std::vector<std::string>& items);

/// The same of encoded values.
[[nodiscard]] std::string choiceOf(const std::vector<Unknown>& values);

/// The same of names, in quotes.
[[nodiscard]] std::string choiceOfNames(const std::vector<std::string>& names);

}  // namespace persistance::schema::detail
