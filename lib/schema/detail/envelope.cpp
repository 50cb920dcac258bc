#include <persistance/schema/detail/envelope.hpp>

#include <stdexcept>
#include <string>

namespace persistance::schema::detail {

std::size_t Envelope::open(Writer& writer, std::uint32_t version) {
  const std::size_t start = writer.size();
  if (writer.extension32(versionExtension)) writer.integer(version);
  return start;
}

bool Envelope::close(Writer& writer, std::size_t start) { return writer.closeExtension32(start); }

bool Envelope::enter(Reader& reader, std::uint32_t& version, std::size_t& end) {
  const auto start = reader.rest();
  std::int8_t type = 0;
  std::size_t size = 0;
  version = 0;
  if (!reader.extension(type, size)) return !reader.broken();
  if (type != versionExtension) {
    reader.backTo(start);
    return true;  // whoever reads the value says what is wrong with it
  }
  end = reader.left() - size;
  return reader.integer(version, std::uint32_t{1});
}

bool Envelope::leave(Reader& reader, std::size_t end) {
  if (reader.left() == end) return true;
  return reader.breakOff("a versioned value", "an envelope of another size");
}

void Envelope::check(std::uint32_t oldest, std::uint32_t newest, std::uint32_t unversioned) {
  if (oldest == 0) throw std::invalid_argument("persistance: versions count from 1");
  if (unversioned != 0 && (unversioned < oldest || unversioned > newest))
    throw std::invalid_argument(
        "persistance: unversioned() pins a version that is not in the list");
}

std::span<const std::byte> Envelope::contentOf(std::span<const std::byte> bytes) {
  std::vector<Issue> issues;
  Reader reader(bytes, issues);
  std::uint32_t version = 0;
  std::size_t end = 0;
  return enter(reader, version, end) ? std::as_bytes(reader.rest()) : bytes;
}

bool Envelope::refuse(Reader& reader, std::uint32_t version, std::size_t end, std::uint32_t oldest,
                      std::uint32_t newest) {
  if (!reader.skip() || !leave(reader, end)) return false;
  const std::string range = oldest == newest
                                ? std::to_string(newest)
                                : std::to_string(oldest) + " to " + std::to_string(newest);
  return reader.fail("a value of version " + range, "one of version " + std::to_string(version));
}

}  // namespace persistance::schema::detail
