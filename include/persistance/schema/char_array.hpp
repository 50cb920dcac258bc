#pragma once
/// @file
/// Text in an array of char.

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>

#include <persistance/schema/schema.hpp>

namespace persistance::schema {

/// A member `char name[N]`: text that ends at its first NUL, so of at most N - 1 bytes.
template <std::size_t N>
class CharArraySchema : public Codec<CharArraySchema<N>, char[N]> {
 public:
  CharArraySchema() = default;

  bool write(Writer& writer, const char (&value)[N]) const {
    const std::string_view text(
        value, static_cast<std::size_t>(std::find(value, value + N, '\0') - value));
    return text.size() < N ? writer.text(text) : writer.fail(expected(), "no NUL");
  }

  bool read(Reader& reader, char (&out)[N]) const {
    std::string_view text;
    if (!reader.text(text)) return false;
    if (text.size() >= N || text.find('\0') != std::string_view::npos)
      return reader.fail(expected(), quoted(text));
    std::fill(std::copy(text.begin(), text.end(), out), out + N, '\0');
    return true;
  }

  Shape shape(Shapes& shapes) const { return shapes.string(0, N - 1, {}); }

 private:
  static std::string expected() {
    return "text of at most " + std::to_string(N - 1) + " bytes without a NUL";
  }
};

}  // namespace persistance::schema
