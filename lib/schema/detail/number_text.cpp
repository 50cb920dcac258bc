#include <persistance/schema/detail/number_text.hpp>

#include <charconv>
#include <cstdint>

namespace persistance::schema::detail {

std::string toText(Wide value) {
  return value < 0 ? std::to_string(static_cast<std::int64_t>(value))
                   : std::to_string(static_cast<std::uint64_t>(value));
}

std::string toText(double value) {
  char buffer[32];
  const auto result = std::to_chars(buffer, buffer + sizeof buffer, value);
  return std::string(buffer, result.ptr);
}

}  // namespace persistance::schema::detail
