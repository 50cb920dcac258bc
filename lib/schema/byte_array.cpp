#include <persistance/schema/byte_array.hpp>

namespace persistance::schema::detail {

bool readBytes(Reader& reader, std::vector<std::byte>& numbers, std::span<const std::byte>& out) {
  const bool isArray =
      (reader.peek() & 0xf0) == 0x90 || reader.peek() == 0xdc || reader.peek() == 0xdd;
  if (!isArray) return reader.bytes(out);
  std::size_t count = 0;
  if (!reader.array(count)) return false;
  bool good = true;
  for (std::size_t i = 0; i < count; ++i) {
    const std::size_t mark = reader.report().mark();
    std::uint8_t byte = 0;
    if (!reader.integer(byte)) {
      reader.report().under(mark, i);
      if (reader.broken()) return false;
      good = false;
    }
    numbers.push_back(std::byte{byte});
  }
  reader.leave();
  out = numbers;
  return good;
}

}  // namespace persistance::schema::detail
