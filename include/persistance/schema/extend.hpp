#pragma once
/// @file
/// Records made of other records.

#include <algorithm>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

#include <persistance/schema/detail/key.hpp>
#include <persistance/schema/object.hpp>

namespace persistance::schema {
namespace detail {

/// A field that may have been left out: then it is neither written nor read.
template <class F>
class PickedField : public F {
 public:
  PickedField(const F& field, const std::vector<std::string_view>& picked)
      : PickedField(field, std::find(picked.begin(), picked.end(), field.name()) != picked.end()) {}

  [[nodiscard]] bool isPicked() const noexcept { return picked_; }
  [[nodiscard]] bool named(std::string_view name) const noexcept {
    return picked_ && F::named(name);
  }
  template <class R>
  [[nodiscard]] bool omitted(const R& record) const {
    return !picked_ || F::omitted(record);
  }
  template <class R>
  [[nodiscard]] bool absent(R& record) const {
    return !picked_ || F::absent(record);
  }

 private:
  PickedField(const F& field, bool picked)
      : F(picked ? field : field.unmatched()), picked_(picked) {}

  bool picked_;
};

}  // namespace detail

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
[[nodiscard]] auto pick(const ObjectSchema<T, Fields...>& base, const Names&... names) {
  const std::vector<std::string_view> picked{std::string_view(names)...};
  const auto choose = [&](const Fields&... fields) {
    detail::refuseUnknown(picked, {fields.name()...});
    return ObjectSchema<T, detail::PickedField<Fields>...>(
        detail::PickedField<Fields>(fields, picked)...);
  };
  auto schema = std::apply(choose, base.fields());
  return base.isStrict() ? schema.strict() : schema;
}

}  // namespace persistance::schema
