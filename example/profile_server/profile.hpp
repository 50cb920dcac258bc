#pragma once
/// @file
/// What this server keeps.

#include <optional>
#include <string>
#include <vector>

#include <persistance/schema.hpp>

namespace profile_server {

struct Profile {
  std::string name;
  int age = 0;
  std::string email;
  std::vector<std::string> tags;
  std::optional<std::string> nickname;

  /// Found by every store and every body of this type.
  static const persistance::Schema<Profile>& schema() {
    namespace s = persistance::schema;
    static const persistance::Schema<Profile> schema = s::object<Profile>(
        s::field("name", &Profile::name, s::string().nonEmpty().maxLength(100)),
        s::field("age", &Profile::age, s::integer<int>().between(0, 150)),
        s::field("email", &Profile::email, s::string().maxLength(254).pattern("[^@ ]+@[^@ ]+")),
        s::field("tags", &Profile::tags,
                 s::array(s::string().nonEmpty().maxLength(32)).maxItems(16)),
        s::field("nickname", &Profile::nickname,
                 s::optional(s::string().nonEmpty().maxLength(50))));
    return schema;
  }
};

}  // namespace profile_server
