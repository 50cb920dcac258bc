#include <persistance/schema/detail/choice.hpp>

#include <cstdint>

#include <persistance/schema/report.hpp>

#include "schema/value_text.hpp"

namespace persistance::schema::detail {

std::string choiceOf(const std::vector<std::string>& items) {
  std::string text;
  for (std::size_t i = 0; i < items.size(); ++i)
    text += (i == 0 ? "" : i + 1 == items.size() ? " or " : ", ") + items[i];
  return text;
}

std::string choiceOf(const std::vector<Unknown>& values) {
  std::vector<std::string> items;
  for (const Unknown& value : values) {
    const auto* data = reinterpret_cast<const std::uint8_t*>(value.bytes().data());
    items.push_back(valueText({data, value.bytes().size()}));
  }
  return choiceOf(items);
}

std::string choiceOfNames(const std::vector<std::string>& names) {
  std::vector<std::string> items;
  for (const std::string& name : names) items.push_back(schema::quoted(name));
  return choiceOf(items);
}

}  // namespace persistance::schema::detail
