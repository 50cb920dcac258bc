#include "schema/detail/scanner.hpp"

#include <array>
#include <cstdio>

namespace persistance::schema::detail {

void appendFraction(std::string& text, std::int32_t nanoseconds) {
  if (nanoseconds == 0) return;
  std::array<char, 16> buffer{};
  std::snprintf(buffer.data(), buffer.size(), ".%09d", nanoseconds);
  text += buffer.data();
  while (text.back() == '0') text.pop_back();
}

}  // namespace persistance::schema::detail
