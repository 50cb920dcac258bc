#pragma once
/// @file
/// Containers of bytes, as bytes.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <span>
#include <string>
#include <type_traits>
#include <vector>

#include <persistance/schema/schema.hpp>

namespace persistance::schema {
namespace detail {

template <class T>
concept Byte = std::is_same_v<T, std::byte> || std::is_same_v<T, unsigned char>;

/// Reads bytes, or an array of numbers from 0 to 255, which are put into `numbers`: `out` points into
/// the input or there.
bool readBytes(Reader& reader, std::vector<std::byte>& numbers, std::span<const std::byte>& out);

}  // namespace detail

/// `A` holds bytes: a vector, a std::array or an array of C of std::byte or std::uint8_t. Stored as
/// bytes; an array of numbers from 0 to 255, which JSON has instead and which older programs wrote,
/// is read as well.
template <class A>
class ByteArraySchema : public Codec<ByteArraySchema<A>, A> {
 public:
  ByteArraySchema() = default;

  bool write(Writer& writer, const A& value) const {
    return writer.bytes(std::as_bytes(std::span(std::data(value), std::size(value))));
  }

  bool read(Reader& reader, A& out) const {
    std::vector<std::byte> numbers;
    std::span<const std::byte> found;
    if (!detail::readBytes(reader, numbers, found)) return false;
    using Element = std::remove_reference_t<decltype(out[0])>;
    if constexpr (requires { out.resize(found.size()); })
      out.resize(found.size());
    else if (found.size() != std::size(out))
      return reader.fail(std::to_string(std::size(out)) + " bytes", std::to_string(found.size()));
    std::transform(found.begin(), found.end(), std::begin(out),
                   [](std::byte byte) { return static_cast<Element>(byte); });
    return true;
  }

  Shape shape(Shapes& shapes) const {
    std::size_t min = 0;
    std::size_t max = Shapes::unbounded;
    if constexpr (std::is_array_v<A>)
      min = max = std::extent_v<A>;
    else if constexpr (requires { std::tuple_size<A>::value; })
      min = max = std::tuple_size_v<A>;
    return shapes.array(shapes.integer(0, 255), min, max);
  }
};

/// `byteArray<std::array<std::byte, 16>>()`.
template <class A>
[[nodiscard]] ByteArraySchema<A> byteArray() {
  return {};
}

}  // namespace persistance::schema
