#pragma once
/// @file
/// Records made of other records.

#include <string_view>
#include <tuple>
#include <utility>

#include <persistance/schema/object.hpp>

namespace persistance::schema {

/// The fields of `base`, and more: `extend<Admin>(User::schema(), field("level", &Admin::level))`
/// for an Admin that derives from User. Strict if `base` is.
/// @par Errors  std::invalid_argument: two fields of one name.
template <class T, class Base, class... Fields, class... More>
[[nodiscard]] auto extend(const ObjectSchema<Base, Fields...>& base, More... more) {
  const auto join = [&](const Fields&... fields) {
    return ObjectSchema<T, Fields..., More...>(fields..., std::move(more)...);
  };
  auto extended = std::apply(join, base.fields());
  return base.isStrict() ? extended.strict() : extended;
}

/// `base` with these fields only: `pick(User::schema(), "name", "email")`. The others are not
/// written, and a read leaves them as they are in a new T.
/// @par Errors  std::invalid_argument: there is no field of that name.
template <class T, class... Fields, class... Names>
[[nodiscard]] ObjectSchema<T, Fields...> pick(const ObjectSchema<T, Fields...>& base,
                                              const Names&... names) {
  return base.pick({std::string_view(names)...});
}

}  // namespace persistance::schema
