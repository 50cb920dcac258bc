#pragma once
/// @file
/// Text in char8_t.

#include <string>
#include <string_view>

#include <persistance/schema/schema.hpp>

namespace persistance::schema {

/// A std::u8string, stored as a std::string of the same text is.
class U8StringSchema : public Codec<U8StringSchema, std::u8string> {
 public:
  U8StringSchema() = default;

  bool write(Writer& writer, const std::u8string& value) const {
    return writer.text({reinterpret_cast<const char*>(value.data()), value.size()});
  }
  bool read(Reader& reader, std::u8string& out) const {
    std::string_view text;
    if (!reader.text(text)) return false;
    out.assign(text.begin(), text.end());
    return true;
  }
  Shape shape(Shapes& shapes) const { return shapes.string(0, Shapes::unbounded, {}); }
};

[[nodiscard]] inline U8StringSchema u8string() { return U8StringSchema(); }

}  // namespace persistance::schema
