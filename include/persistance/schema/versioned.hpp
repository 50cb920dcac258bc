#pragma once
/// @file
/// Values whose form changes over time.

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>

#include <persistance/schema/detail/envelope.hpp>
#include <persistance/schema/detail/guard.hpp>
#include <persistance/schema/detail/record.hpp>
#include <persistance/schema/schema.hpp>

namespace persistance::schema {

/// Whether these bytes are, or hold anywhere, a value that carries its version. Such a value may be
/// of a newer program, so a read must not remove it, whatever it does not understand.
[[nodiscard]] bool holdsVersions(std::span<const std::byte> bytes) noexcept;

/// An older form and the way from it to the next newer one.
template <class S, class F>
struct Migration {
  using Stored = typename S::Value;

  Migration(S schema_, F migrate_) : schema(std::move(schema_)), migrate(std::move(migrate_)) {}

  S schema;
  F migrate;
};

/// `from(schema, f)`: values of an older schema, and `f`, which makes a value of the next newer
/// form out of one. If `f` throws, that is an issue.
template <SchemaLike S, class F>
[[nodiscard]] Migration<S, F> from(S schema, F migrate) {
  static_assert(std::invocable<const F&, typename S::Value>,
                "persistance: the function given to from() cannot be called with a value of its "
                "schema");
  return Migration<S, F>(std::move(schema), std::move(migrate));
}

template <SchemaLike S, class... Migrations>
class VersionedSchema : public Codec<VersionedSchema<S, Migrations...>, typename S::Value> {
 public:
  using Value = typename S::Value;

  explicit VersionedSchema(S schema, Migrations... migrations)
      : schema_(std::move(schema)), migrations_(std::move(migrations)...) {}

  /// The number of the oldest form in the list, 1 if nothing is said. Say it when older forms have
  /// been dropped from the end of the list: the numbers of the others must not change.
  /// @par Errors  std::invalid_argument: 0, or a pinned version that is no longer in the list.
  [[nodiscard]] VersionedSchema oldest(std::uint32_t version) const {
    VersionedSchema copy = *this;
    copy.oldest_ = version;
    copy.checkVersions();
    return copy;
  }

  /// The form of values that carry no version. If nothing is said, they are of the oldest form that
  /// takes them.
  /// @par Errors  std::invalid_argument: a version that is not in the list.
  [[nodiscard]] VersionedSchema unversioned(std::uint32_t version) const {
    VersionedSchema copy = *this;
    copy.unversioned_ = version;
    copy.checkVersions();
    return copy;
  }

  /// The version that is written.
  [[nodiscard]] std::uint32_t version() const noexcept { return oldest_ + steps; }

  /// The newest form, without versions: for values that do not come from a store.
  [[nodiscard]] const S& current() const noexcept { return schema_; }

  bool write(Writer& writer, const Value& value) const {
    const std::size_t start = detail::Envelope::open(writer, version());
    return schema_.write(writer, value) && detail::Envelope::close(writer, start);
  }

  bool read(Reader& reader, Value& out) const {
    return readAs(reader, out,
                  [&](const auto& form, auto& value) { return form.read(reader, value); });
  }

  Shape shape(Shapes& shapes) const { return schema_.shape(shapes); }

  // As an alternative of a variant: the tag stands in the envelope, among the fields.
  template <class WriteExtra>
    requires RecordLike<S>
  bool writeFields(Writer& writer, const Value& value, std::size_t extra,
                   WriteExtra writeExtra) const {
    const std::size_t start = detail::Envelope::open(writer, version());
    return schema_.writeFields(writer, value, extra, writeExtra) &&
           detail::Envelope::close(writer, start);
  }
  bool readTagged(Reader& reader, Value& out, std::string_view tag) const
    requires(RecordLike<S> && ... && RecordLike<decltype(Migrations::schema)>)
  {
    return readAs(reader, out, [&](const auto& form, auto& value) {
      return form.readTagged(reader, value, tag);
    });
  }
  [[nodiscard]] bool hasField(std::string_view name) const
    requires(RecordLike<S> && ... && RecordLike<decltype(Migrations::schema)>)
  {
    const auto any = [&](const Migrations&... older) {
      return (schema_.hasField(name) || ... || older.schema.hasField(name));
    };
    return std::apply(any, migrations_);
  }

 private:
  static constexpr std::uint32_t steps = sizeof...(Migrations);

  enum class Outcome { good, unreadable, unconverted };

  // `readForm` reads a value of one of the forms.
  template <class ReadForm>
  bool readAs(Reader& reader, Value& out, ReadForm readForm) const {
    std::uint32_t version = 0;
    std::size_t end = 0;
    if (!detail::Envelope::enter(reader, version, end)) return false;
    if (version == 0) return readUnversioned(reader, out, readForm);
    if (version < oldest_ || version > this->version())
      return detail::Envelope::refuse(reader, version, end, oldest_, this->version());
    const bool good =
        readBack<0>(reader, out, this->version() - version, readForm) == Outcome::good;
    return !reader.broken() && detail::Envelope::leave(reader, end) && good;
  }

  void checkVersions() const { detail::Envelope::check(oldest_, version(), unversioned_); }

  // The oldest form that takes it; where that one does not convert, no newer form is tried, which
  // would take it for something that it is not.
  template <class ReadForm>
  bool readUnversioned(Reader& reader, Value& out, ReadForm readForm) const {
    if (unversioned_ != 0)
      return readBack<0>(reader, out, this->version() - unversioned_, readForm) == Outcome::good;
    const Reader::Point start = reader.point();
    for (std::uint32_t back = steps; back > 0; --back) {
      const Outcome outcome = readBack<0>(reader, out, back, readForm);
      if (outcome == Outcome::good) return true;
      if (outcome == Outcome::unconverted || reader.broken()) return false;
      reader.backTo(start);
    }
    return readBack<0>(reader, out, 0, readForm) == Outcome::good;
  }

  // Reads the form that is `back` steps older than form I, and brings it up to form I.
  template <std::size_t I, class Newer, class ReadForm>
  Outcome readBack(Reader& reader, Newer& out, std::uint32_t back, ReadForm readForm) const {
    if constexpr (I == steps) {
      return outcomeOf(readForm(form<I>(), out));
    } else {
      if (back == 0) return outcomeOf(readForm(form<I>(), out));
      typename std::tuple_element_t<I, std::tuple<Migrations...>>::Stored older{};
      const Outcome outcome = readBack<I + 1>(reader, older, back - 1, readForm);
      if (outcome != Outcome::good) return outcome;
      return detail::guarded(reader.report(), "a value of an older version that converts",
                             [&] {
                               out =
                                   std::invoke(std::get<I>(migrations_).migrate, std::move(older));
                               return true;
                             })
                 ? Outcome::good
                 : Outcome::unconverted;
    }
  }

  static Outcome outcomeOf(bool good) { return good ? Outcome::good : Outcome::unreadable; }

  template <std::size_t I>
  const auto& form() const {
    if constexpr (I == 0)
      return schema_;
    else
      return std::get<I - 1>(migrations_).schema;
  }

  S schema_;
  std::tuple<Migrations...> migrations_;
  std::uint32_t oldest_ = 1;
  std::uint32_t unversioned_ = 0;  // 0: the oldest that takes it
};

/// `versioned(v3, from(v2, f), from(v1, g))`: the newest schema, then the older ones, newest first.
/// They are numbered from the end: v1 is version 1. Values are stored with the number of their
/// version, read through the functions from theirs to the newest, and written in the newest with
/// the next set.
///
/// A value of a newer version than the newest here is an issue that names both. A value without any
/// version, from before there were any, is read in the oldest form that takes it (`.unversioned`
/// pins which). When you drop the oldest form, say `.oldest(2)`.
template <SchemaLike S, class... Migrations>
[[nodiscard]] VersionedSchema<S, Migrations...> versioned(S schema, Migrations... migrations) {
  return VersionedSchema<S, Migrations...>(std::move(schema), std::move(migrations)...);
}

}  // namespace persistance::schema
