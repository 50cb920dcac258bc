#include <persistance/schema/detail/enumerators.hpp>

#include <cctype>
#include <cstddef>
#include <stdexcept>

namespace persistance::schema::detail {
namespace {

// What stands between the braces of `[with auto ...Values = {a, b}; ...]`, `[Values = <a, b>]`.
std::string_view listOf(std::string_view spelled) {
  constexpr std::string_view mark = "Values = ";
  std::string_view list = spelled.substr(spelled.rfind(mark) + mark.size() + 1);
  int depth = 1;
  std::size_t end = 0;
  for (; end < list.size(); ++end) {
    const char c = list[end];
    if (c == '(' || c == '<' || c == '{') ++depth;
    if (c == ')' || c == '>' || c == '}') --depth;
    if (depth == 0) break;
  }
  return list.substr(0, end);
}

// One that has no name is a type in brackets and a number.
std::string nameOf(std::string_view value) {
  const std::string_view name = value.substr(value.find_last_of(":)") + 1);
  const bool isNumber = name.empty() || name.front() == '-' ||
                        std::isdigit(static_cast<unsigned char>(name.front())) != 0;
  return isNumber ? std::string() : std::string(name);
}

}  // namespace

std::vector<std::string> namesIn(std::string_view spelled) {
  std::vector<std::string> names;
  std::string_view list = listOf(spelled);
  int depth = 0;
  std::size_t begin = 0;
  for (std::size_t i = 0; i < list.size(); ++i) {
    const char c = list[i];
    if (c == '(' || c == '<' || c == '{') ++depth;
    if (c == ')' || c == '>' || c == '}') --depth;
    if (c != ',' || depth > 0) continue;
    names.push_back(nameOf(list.substr(begin, i - begin)));
    begin = i + 2;
  }
  names.push_back(nameOf(list.substr(begin)));
  if (std::all_of(names.begin(), names.end(), [](const std::string& name) { return name.empty(); }))
    throw std::invalid_argument(
        "persistance: no enumerator from -128 to 255 has a name that can be found; give them: "
        "enumeration<E>({{E::a, \"a\"}})");
  return names;
}

}  // namespace persistance::schema::detail
