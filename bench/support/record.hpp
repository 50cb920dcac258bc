#pragma once
/// What the floors beside a durable store share: encoded users, a directory, a check.

#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <filesystem>

#include "support/user.hpp"

namespace persistance::bench {

inline void check(bool good, const char* what) {
  if (good) return;
  std::fprintf(stderr, "%s failed\n", what);
  std::exit(2);
}

class TemporaryDirectory {
 public:
  TemporaryDirectory() {
    std::string name = std::filesystem::temp_directory_path() / "persistance-bench-XXXXXX";
    check(::mkdtemp(name.data()) != nullptr, "mkdtemp");
    path_ = name;
  }
  ~TemporaryDirectory() { std::filesystem::remove_all(path_); }
  std::filesystem::path operator/(const char* name) const { return path_ / name; }

 private:
  std::filesystem::path path_;
};

inline const TemporaryDirectory& directory() {
  static const TemporaryDirectory one;
  return one;
}

inline Unknown encoded(std::size_t i) {
  std::vector<schema::Issue> issues;
  static const Schema<User> users(schema::of<User>());
  return schema::encode(users, user(i), issues);
}

inline bool decode(std::span<const std::byte> bytes, User& user) {
  static const Schema<User> users(schema::of<User>());
  std::vector<schema::Issue> issues;
  return schema::decode(users, bytes, user, issues);
}

}  // namespace persistance::bench
