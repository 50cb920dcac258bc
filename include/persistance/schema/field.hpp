#pragma once
/// @file
/// A field of a record: a name, the member that it is, and the schema of that member.

#include <algorithm>
#include <concepts>
#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include <persistance/schema/detail/key.hpp>
#include <persistance/schema/detail/misuse.hpp>
#include <persistance/schema/detail/secret.hpp>
#include <persistance/schema/of.hpp>
#include <persistance/schema/optional.hpp>
#include <persistance/schema/pointer.hpp>
#include <persistance/schema/schema.hpp>

namespace persistance::schema {
namespace detail {

/// @par Errors  std::invalid_argument: the value does not fit the schema, so no read may make it up.
template <class S>
void checkDefault(const S& schema, const typename S::Value& value, std::string_view name) {
  std::vector<Issue> issues;
  (void)encode(schema, value, issues);
  if (!issues.empty()) refuseDefault(name, issues);
}

}  // namespace detail

/// A member that is pointed to.
template <class T, class M>
struct PointedMember {
  using Record = T;
  using Value = M;

  M T::* pointer;

  template <class R>
  auto& operator()(R& record) const noexcept {
    return record.*pointer;
  }
};

/// What field() gives. Only object() looks into it.
template <class Key, class Member, SchemaLike S>
class Field {
  using M = typename Member::Value;

 public:
  using Record = typename Member::Record;

  Field(Key key, Member member, S schema)
      : key_(std::move(key)), member_(member), schema_(std::move(schema)) {}

  /// What the member is when the field is missing. It is written like any other value.
  /// @par Errors  std::invalid_argument: it does not fit the schema.
  [[nodiscard]] Field withDefault(M value) const
    requires std::copyable<M>
  {
    detail::checkDefault(schema_, value, name());
    Field copy = *this;
    copy.default_ = std::make_shared<const Default>(std::move(value));
    return copy;
  }

  /// The field used to have this name: it is read under either, and written under the new one. May
  /// be given more than once. Both names at once are an issue.
  [[nodiscard]] Field from(std::string oldName) const {
    Field copy = *this;
    copy.oldNames_.push_back(std::move(oldName));
    return copy;
  }

  /// Its value never shows in an error, nor do keys inside of it: an issue under this field says that
  /// a value is hidden, and so does one of all around it. In JSON Schema it is `writeOnly`.
  [[nodiscard]] Field secret() const {
    detail::noteSecret();
    Field copy = *this;
    copy.secret_ = true;
    return copy;
  }

  /// With a key that no stored one is equal to: pick() says why.
  [[nodiscard]] Field unmatched() const {
    Field copy = *this;
    copy.key_.neverMatch();
    return copy;
  }

  [[nodiscard]] const Key& key() const noexcept { return key_; }
  [[nodiscard]] std::string_view name() const noexcept { return key_.name(); }
  [[nodiscard]] const std::vector<std::string>& oldNames() const noexcept { return oldNames_; }
  [[nodiscard]] bool named(std::string_view name) const noexcept {
    return name == key_.name() ||
           std::find(oldNames_.begin(), oldNames_.end(), name) != oldNames_.end();
  }

  template <class R>
  [[nodiscard]] bool omitted(const R& record) const {
    return schema_.omitted(member_(record));
  }
  template <class R>
  [[nodiscard]] bool absent(R& record) const {
    if (default_ == nullptr) return schema_.absent(member_(record));
    default_->assign(member_(record), default_->value);
    return true;
  }
  template <class R>
  bool write(Writer& writer, const R& record) const {
    return writer.encoded(key_.data(), key_.size()) && schema_.write(writer, member_(record));
  }
  template <class R>
  bool read(Reader& reader, R& record) const {
    return schema_.read(reader, member_(record));
  }

  [[nodiscard]] FieldShape shape(Shapes& shapes) const {
    M probe{};
    const bool required = default_ == nullptr && !schema_.absent(probe);
    std::vector<Issue> issues;
    Unknown fallback;
    if (default_ != nullptr) fallback = encode(schema_, default_->value, issues);
    return FieldShape(std::string(name()), oldNames_, schema_.shape(shapes), required,
                      std::move(fallback), secret_);
  }

 private:
  // What assigns it is made where there is a default: a member that cannot be copied has none, which
  // a container of such ones does not say of itself.
  struct Default {
    explicit Default(M value_)
      requires std::copyable<M>
        : value(std::move(value_)), assign([](M& out, const M& from) { out = from; }) {}

    M value;
    void (*assign)(M&, const M&);
  };

  Key key_;
  Member member_;
  S schema_;
  std::shared_ptr<const Default> default_;
  std::vector<std::string> oldNames_;
  bool secret_ = false;
};

namespace detail {

// With a deduced result, so that its sentence comes first.
template <class T, class M>
[[nodiscard]] auto isUsable() {
  if constexpr (std::is_function_v<M>) (void)FunctionMember<T, M>{};
  if constexpr (std::is_const_v<M>) (void)ConstMember<T, M>{};
  return true;
}

/// The schema of a member that none was given for.
template <class T, class M>
[[nodiscard]] auto ofMember() {
  (void)isUsable<T, M>();
  return of<M>();
}

/// The schema of a member: as given, or as an optional where the member is one, or a pointer, and
/// the schema is of what is inside.
template <class T, class M, SchemaLike S>
[[nodiscard]] auto forMember(S schema) {
  using Value = typename S::Value;
  (void)isUsable<T, M>();
  if constexpr (std::is_same_v<Value, M>) {
    return schema;
  } else if constexpr (std::is_same_v<std::optional<Value>, M>) {
    return optional(std::move(schema));
  } else if constexpr (std::is_same_v<std::unique_ptr<Value>, M> ||
                       std::is_same_v<std::shared_ptr<Value>, M>) {
    return pointer<M>(std::move(schema));
  } else {
    (void)WrongFieldSchema<T, M, Value>{};
    return schema;
  }
}

}  // namespace detail

/// A field whose schema is deduced from its member, as `make<A>` deduces it. The name is a literal.
template <std::size_t N, class T, class M>
[[nodiscard]] auto field(const char (&name)[N], M T::* member) {
  return field(name, member, detail::ofMember<T, M>());
}
template <std::size_t N, class T, class M, SchemaLike S>
[[nodiscard]] auto field(const char (&name)[N], M T::* member, S schema) {
  auto held = detail::forMember<T, M>(std::move(schema));
  using Member = PointedMember<T, M>;
  return Field<detail::LiteralKey<N - 1>, Member, decltype(held)>(detail::LiteralKey<N - 1>(name),
                                                                  Member{member}, std::move(held));
}

/// The same for a name that is made at run time.
template <class T, class M>
[[nodiscard]] auto field(const std::string& name, M T::* member) {
  return field(name, member, detail::ofMember<T, M>());
}
template <class T, class M, SchemaLike S>
[[nodiscard]] auto field(const std::string& name, M T::* member, S schema) {
  auto held = detail::forMember<T, M>(std::move(schema));
  using Member = PointedMember<T, M>;
  return Field<detail::DynamicKey, Member, decltype(held)>(detail::DynamicKey(name), Member{member},
                                                           std::move(held));
}

}  // namespace persistance::schema
