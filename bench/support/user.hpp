#pragma once
/// The record and the keys of every benchmark: 10,000 users, read in one shuffled order.

#include <algorithm>
#include <random>
#include <string>
#include <vector>

#include <persistance/schema.hpp>

namespace persistance::bench {

struct User {
  std::string name;
  std::string email;
  int age = 0;
  std::vector<std::string> tags;

  static auto schema() {
    return schema::object<User>(
        schema::field("name", &User::name), schema::field("email", &User::email),
        schema::field("age", &User::age), schema::field("tags", &User::tags));
  }
};

inline constexpr std::size_t count = 10000;

inline const std::vector<std::string>& keys() {
  static const std::vector<std::string> all = [] {
    std::vector<std::string> made;
    for (std::size_t i = 0; i < count; ++i) made.push_back("user:" + std::to_string(i));
    return made;
  }();
  return all;
}

inline const User& user(std::size_t i) {
  static const std::vector<User> all = [] {
    std::vector<User> made;
    for (std::size_t n = 0; n < count; ++n) {
      const std::string number = std::to_string(n);
      made.push_back(User{"Ada Lovelace " + number,
                          "ada.lovelace." + number + "@example.org",
                          static_cast<int>(n % 90),
                          {"mathematics", "poetry", "analytical engine"}});
    }
    return made;
  }();
  return all[i % count];
}

inline const std::vector<std::string>& shuffledKeys() {
  static const std::vector<std::string> all = [] {
    std::vector<std::string> made = keys();
    std::shuffle(made.begin(), made.end(), std::mt19937(1));
    return made;
  }();
  return all;
}

inline const std::string& shuffled(std::size_t i) { return shuffledKeys()[i % count]; }

inline std::vector<std::string> hundredKeys(std::size_t i) {
  std::vector<std::string> made;
  made.reserve(100);
  for (std::size_t n = 0; n < 100; ++n) made.push_back(shuffled(i * 100 + n));
  return made;
}

}  // namespace persistance::bench
