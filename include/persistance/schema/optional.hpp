#pragma once
/// @file
/// A value that may not be there.

#include <optional>
#include <utility>

#include <persistance/schema/detail/misuse.hpp>
#include <persistance/schema/detail/nullable.hpp>
#include <persistance/schema/schema.hpp>

namespace persistance::schema {

/// nullopt is a stored null; as a field of an object it is left out. On the way in null and a
/// missing field both are nullopt. So a value inside that is itself stored as null is an issue: it
/// would come back as nullopt.
template <SchemaLike S>
class OptionalSchema : public Codec<OptionalSchema<S>, std::optional<typename S::Value>> {
 public:
  using Value = std::optional<typename S::Value>;

  explicit OptionalSchema(S schema) : schema_(std::move(schema)) {
    (void)detail::NothingTwice<typename S::Value>{};
  }

  bool write(Writer& writer, const Value& value) const {
    if (!value) return writer.null();
    const std::size_t start = writer.size();
    if (!schema_.write(writer, *value)) return false;
    return writer.byteAt(start) != 0xc0 || writer.fail("a value that is not null", "null");
  }

  bool read(Reader& reader, Value& out) const {
    if (reader.null()) {
      out.reset();
      return true;
    }
    (void)detail::NoDefaultConstructor<typename S::Value>{};
    if (!out) out.emplace();
    return schema_.read(reader, *out);
  }

  Shape shape(Shapes& shapes) const { return shapes.nullable(schema_.shape(shapes)); }

  bool omitted(const Value& value) const noexcept { return !value; }
  bool absent(Value& out) const noexcept {
    out.reset();
    return true;
  }

 private:
  S schema_;
};

template <SchemaLike S>
[[nodiscard]] OptionalSchema<S> optional(S schema) {
  return OptionalSchema<S>(std::move(schema));
}

}  // namespace persistance::schema
