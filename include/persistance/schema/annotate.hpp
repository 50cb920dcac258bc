#pragma once
/// @file
/// What JSON Schema says about a value to people.

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <persistance/schema/detail/record.hpp>
#include <persistance/schema/schema.hpp>

namespace persistance::schema {

/// Reads and writes as `S` does; its JSON Schema has a title, a description and examples.
template <SchemaLike S>
class AnnotatedSchema : public Codec<AnnotatedSchema<S>, typename S::Value> {
 public:
  using Value = typename S::Value;

  explicit AnnotatedSchema(S schema) : schema_(std::move(schema)) {}

  [[nodiscard]] AnnotatedSchema title(std::string text) const {
    AnnotatedSchema copy = *this;
    copy.notes_.title = std::move(text);
    return copy;
  }
  [[nodiscard]] AnnotatedSchema description(std::string text) const {
    AnnotatedSchema copy = *this;
    copy.notes_.description = std::move(text);
    return copy;
  }
  /// May be given more than once.
  /// @par Errors  PersistanceSchemaError ("encode"): it does not fit.
  [[nodiscard]] AnnotatedSchema example(const Value& value) const {
    AnnotatedSchema copy = *this;
    copy.notes_.examples.push_back(schema_.encode(value));
    return copy;
  }

  bool write(Writer& writer, const Value& value) const { return schema_.write(writer, value); }
  bool read(Reader& reader, Value& out) const { return schema_.read(reader, out); }
  bool omitted(const Value& value) const { return schema_.omitted(value); }
  bool absent(Value& out) const { return schema_.absent(out); }
  Shape shape(Shapes& shapes) const { return shapes.annotated(schema_.shape(shapes), notes_); }

  // As an alternative of a variant.
  template <class WriteExtra>
    requires RecordLike<S>
  bool writeFields(Writer& writer, const Value& value, std::size_t extra,
                   WriteExtra writeExtra) const {
    return schema_.writeFields(writer, value, extra, writeExtra);
  }
  bool readTagged(Reader& reader, Value& out, std::string_view tag) const
    requires RecordLike<S>
  {
    return schema_.readTagged(reader, out, tag);
  }
  [[nodiscard]] bool hasField(std::string_view name) const
    requires RecordLike<S>
  {
    return schema_.hasField(name);
  }

 private:
  S schema_;
  Annotations notes_;
};

/// `annotate(string()).title("Name").example("Ada")`.
template <SchemaLike S>
[[nodiscard]] AnnotatedSchema<S> annotate(S schema) {
  return AnnotatedSchema<S>(std::move(schema));
}

}  // namespace persistance::schema
