#include "backing/redis/names.hpp"

namespace persistance::backing::redis {

std::string namesOf(std::string_view keyPrefix, std::string_view storeId) {
  std::string names(keyPrefix);
  names += "{}";
  names += std::to_string(storeId.size());
  names += ':';
  names += storeId;
  names += ':';
  return names;
}

std::string patternOf(std::string_view prefix) {
  std::string pattern;
  for (const char c : prefix) {
    if (c == '*' || c == '?' || c == '[' || c == ']' || c == '\\') pattern += '\\';
    pattern += c;
  }
  pattern += '*';
  return pattern;
}

}  // namespace persistance::backing::redis
