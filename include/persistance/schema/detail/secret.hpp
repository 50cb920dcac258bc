#pragma once
/// @file
/// Issues that tell nothing of the values that they are about.

#include <cstddef>
#include <vector>

#include <persistance/schema/issue.hpp>
#include <persistance/schema/shape.hpp>

namespace persistance::schema::detail {

/// What an issue says it found where that is hidden.
inline constexpr const char* hiddenValue = "a hidden value";

/// Whether any field of this program is secret: without one nobody need look for them.
[[nodiscard]] bool secretsExist() noexcept;
void noteSecret() noexcept;

/// Takes out of the issues from `first` on what they tell of secret fields: `document` is the JSON
/// Schema of the value, in which these are `writeOnly`. The path of an issue ends at such a field.
void hideSecrets(const nlohmann::json& document, std::vector<Issue>& issues, std::size_t first);

/// Takes all out that they tell of the value, keys of maps included.
void hideValues(const nlohmann::json& document, std::vector<Issue>& issues);

}  // namespace persistance::schema::detail
