#include <persistance/schema/detail/key.hpp>

#include <algorithm>
#include <stdexcept>

#include <persistance/schema/detail/utf8.hpp>

namespace persistance::schema::detail {

DynamicKey::DynamicKey(std::string_view name) : header_(name.size() > 31 ? 2 : 1) {
  if (name.size() > 0xff || !isUtf8(name))
    throw std::invalid_argument("persistance: a field's name is UTF-8, at most 255 bytes long");
  if (header_ == 2) bytes_ += static_cast<char>(0xd9);
  bytes_ += static_cast<char>(header_ == 2 ? name.size() : 0xa0 | name.size());
  bytes_ += name;
}

void refuseDefault(std::string_view name, const std::vector<Issue>& issues) {
  throw std::invalid_argument("persistance: the default of the field " + std::string(name) +
                              " does not fit its schema: " + summary(issues));
}

void checkLiteral(std::string_view name) {
  if (name.find('\0') == std::string_view::npos) return;
  throw std::invalid_argument(
      "persistance: the name of a field has a NUL in it; give a literal, or a std::string");
}

void refuseUnknown(const std::vector<std::string_view>& names,
                   const std::vector<std::string_view>& fields) {
  for (const std::string_view name : names)
    if (std::find(fields.begin(), fields.end(), name) == fields.end())
      throw std::invalid_argument("persistance: there is no field named " + std::string(name));
}

void refuseRepeats(std::vector<std::string_view> names) {
  std::sort(names.begin(), names.end());
  const auto twice = std::adjacent_find(names.begin(), names.end());
  if (twice != names.end())
    throw std::invalid_argument("persistance: two fields named " + std::string(*twice));
}

}  // namespace persistance::schema::detail
