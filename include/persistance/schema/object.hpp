#pragma once
/// @file
/// Records: a C++ type, field by field.

#include <bitset>
#include <cstddef>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

#include <persistance/schema/detail/key.hpp>
#include <persistance/schema/detail/misuse.hpp>
#include <persistance/schema/field.hpp>
#include <persistance/schema/schema.hpp>

namespace persistance::schema {
namespace detail {

/// Whether a field is part of the record; those that pick() leaves out say no.
template <class F>
[[nodiscard]] bool isInShape(const F& field) noexcept {
  if constexpr (requires { field.isPicked(); })
    return field.isPicked();
  else
    return true;
}

/// The field that says which alternative of a variant a record is; no name: it is in none.
struct TagOf {
  std::string_view name{};
  bool taken = false;  ///< It has been read already: a second one is an issue.
};

template <class T, class Record>
void checkRecord() {
  if constexpr (!std::is_base_of_v<Record, T> && !std::is_same_v<Record, T>)
    (void)FieldOfAnotherClass<T, Record>{};
}

}  // namespace detail

/// T as a map from names to values. Written in the order of the fields; read in any order, fastest
/// in that one. A name that comes twice is an issue.
template <class T, class... Fields>
class ObjectSchema : public Codec<ObjectSchema<T, Fields...>, T> {
 public:
  /// @par Errors  std::invalid_argument: two fields of one name, the old ones included.
  explicit ObjectSchema(Fields... fields) : fields_(std::move(fields)...) {
    (detail::checkRecord<T, typename Fields::Record>(), ...);
    checkNames();
  }

  /// Refuses unknown fields. Without it they are ignored, so that an older reader gets along with a
  /// newer writer.
  [[nodiscard]] ObjectSchema strict() const {
    ObjectSchema copy = *this;
    copy.strict_ = true;
    return copy;
  }

  [[nodiscard]] bool isStrict() const noexcept { return strict_; }

  [[nodiscard]] const std::tuple<Fields...>& fields() const noexcept { return fields_; }

  bool write(Writer& writer, const T& value) const {
    return writeFields(writer, value, 0, [] { return true; });
  }

  bool read(Reader& reader, T& out) const {
    std::size_t count = 0;
    return reader.map(count) && readFields(reader, out, count, detail::TagOf());
  }

  Shape shape(Shapes& shapes) const {
    std::vector<FieldShape> all;
    [[maybe_unused]] const auto add = [&](const auto& field) {
      if (detail::isInShape(field)) all.push_back(field.shape(shapes));
    };
    std::apply([&](const Fields&... field) { (add(field), ...); }, fields_);
    return shapes.object(all, strict_);
  }

  // What variant() needs of its alternatives.

  /// Writes `extra` more pairs in front: `writeExtra` writes them.
  template <class WriteExtra>
  bool writeFields(Writer& writer, const T& value, std::size_t extra, WriteExtra writeExtra) const {
    const auto fields = [&](const Fields&... field) {
      if (!writer.map((extra + ... + (field.omitted(value) ? 0U : 1U)))) return false;
      bool good = writeExtra();
      [[maybe_unused]] std::size_t mark = writer.report().mark();
      ((good &= writeField(field, writer, value, mark)), ...);
      writer.leave();
      return good;
    };
    return std::apply(fields, fields_);
  }

  /// Reads `count` pairs of a map that has been entered, and leaves it.
  bool readFields(Reader& reader, T& out, std::size_t count, detail::TagOf tag) const {
    Progress progress{.left = count, .mark = reader.report().mark(), .tag = tag};
    readInOrder(reader, out, progress, Indexes());
    while (progress.left > 0 && !reader.broken()) readAny(reader, out, progress);
    if (reader.broken()) return false;
    if (!progress.seen.all()) fillIn(reader, out, progress, Indexes());
    reader.leave();
    return progress.good;
  }

  /// Reads a record among whose fields is the tag of a variant.
  bool readTagged(Reader& reader, T& out, std::string_view tag) const {
    std::size_t count = 0;
    return reader.map(count) && readFields(reader, out, count, detail::TagOf{tag, false});
  }

  /// Is one of the fields called that, now or formerly?
  [[nodiscard]] bool hasField(std::string_view name) const {
    const auto any = [&](const Fields&... field) { return (false || ... || field.named(name)); };
    return std::apply(any, fields_);
  }

 private:
  static constexpr std::size_t size = sizeof...(Fields);
  using Indexes = std::index_sequence_for<Fields...>;

  struct Progress {
    std::size_t left = 0;  // pairs still to read
    std::size_t mark = 0;  // issues from here on are not under their field yet
    detail::TagOf tag;     // of the variant around us
    std::bitset<size> seen{};
    bool good = true;
  };

  template <class F>
  static bool writeField(const F& field, Writer& writer, const T& value, std::size_t& mark) {
    if (field.omitted(value) || field.write(writer, value)) return true;
    writer.report().under(mark, field.name());
    mark = writer.report().mark();
    return false;
  }

  // The usual case: the fields come in the order in which they are written, optional ones perhaps
  // left out. Each costs one comparison with its encoded name.
  template <std::size_t... I>
  void readInOrder(Reader& reader, T& out, Progress& progress, std::index_sequence<I...>) const {
    (void)(... && readNext<I>(reader, out, progress));
  }

  template <std::size_t I>
  bool readNext(Reader& reader, T& out, Progress& progress) const {
    if (progress.left == 0) return false;
    const auto& key = std::get<I>(fields_).key();
    if (!reader.take(key.data(), key.size())) return true;
    return readValue<I>(reader, out, progress, key.name());
  }

  // Inline in the usual order: a call for each field is a tenth of the time of a read.
  template <std::size_t I>
  [[gnu::always_inline]] bool readValue(Reader& reader, T& out, Progress& progress,
                                        std::string_view name) const {
    --progress.left;
    if (progress.seen[I]) {
      reader.mismatch("one field of this name");
    } else if (progress.seen[I] = true; std::get<I>(fields_).read(reader, out)) {
      return true;
    }
    return failed(reader, name, progress);
  }

  [[gnu::cold]] bool failed(Reader& reader, std::string_view name, Progress& progress) const {
    progress.good = false;
    reader.report().under(progress.mark, name);
    progress.mark = reader.report().mark();
    return !reader.broken();
  }

  void readAny(Reader& reader, T& out, Progress& progress) const {
    std::string_view name;
    if (!reader.text(name, "the name of a field")) {
      --progress.left;
      progress.good = false;
      progress.mark = reader.report().mark();
      if (!reader.broken()) reader.skip();
    } else if (!readNamed(reader, out, progress, name, Indexes())) {
      --progress.left;
      if (!readUnknown(reader, progress, name)) failed(reader, name, progress);
    }
  }

  bool readUnknown(Reader& reader, Progress& progress, std::string_view name) const {
    const bool isTag = !progress.tag.name.empty() && name == progress.tag.name;
    if (isTag && std::exchange(progress.tag.taken, true))
      return reader.mismatch("one field of this name");
    return isTag || !strict_ ? reader.skip() : reader.mismatch("no field of this name");
  }

  template <std::size_t... I>
  bool readNamed(Reader& reader, T& out, Progress& progress, [[maybe_unused]] std::string_view name,
                 std::index_sequence<I...>) const {
    return (... || (std::get<I>(fields_).named(name) &&
                    (readValue<I>(reader, out, progress, name), true)));
  }

  template <std::size_t... I>
  void fillIn(Reader& reader, T& out, Progress& progress, std::index_sequence<I...>) const {
    [[maybe_unused]] const auto fill = [&](bool seen, const auto& field) {
      if (seen || field.absent(out)) return;
      reader.fail("a value", "nothing");
      failed(reader, field.name(), progress);
    };
    (fill(progress.seen[I], std::get<I>(fields_)), ...);
  }

  void checkNames() const {
    std::vector<std::string_view> all;
    const auto add = [&](const auto& field) {
      all.push_back(field.name());
      all.insert(all.end(), field.oldNames().begin(), field.oldNames().end());
    };
    std::apply([&](const Fields&... field) { (add(field), ...); }, fields_);
    detail::refuseRepeats(std::move(all));
  }

  std::tuple<Fields...> fields_;
  bool strict_ = false;
};

/// `object<User>(field("name", &User::name), field("age", &User::age, integer<int>().min(0)))`.
template <class T, class First, class... Rest>
[[nodiscard]] ObjectSchema<T, First, Rest...> object(First first, Rest... rest) {
  return ObjectSchema<T, First, Rest...>(std::move(first), std::move(rest)...);
}

}  // namespace persistance::schema
