#include <persistance/schema/detail/tags.hpp>

#include <utility>

#include <persistance/schema/detail/envelope.hpp>

namespace persistance::schema::detail {

Tags::Tags(std::string_view tag, std::vector<std::string> names)
    : key_(tag), names_(std::move(names)) {}

bool Tags::write(Writer& writer, std::size_t index) const {
  if (!writer.encoded(key_.data(), key_.size())) return false;
  const std::size_t mark = writer.report().mark();
  if (names_.write(writer, index, Wide{0})) return true;
  writer.report().under(mark, tag());
  return false;
}

bool Tags::read(Reader& reader, std::size_t& count, std::size_t& index, bool& taken) const {
  const auto start = reader.rest();
  const std::size_t mark = reader.report().mark();
  if (count > 0 && reader.take(key_.data(), key_.size())) {
    --count;
    taken = true;
    if (names_.read(reader, index)) return true;
    if (!reader.broken()) {
      for (; count > 0 && reader.skip() && reader.skip(); --count) continue;
    }
    return miss(reader, mark);
  }
  if (!seek(reader, count, index)) return miss(reader, mark);
  reader.backTo(start);
  return true;
}

bool Tags::readInside(Reader& reader, std::size_t& index) const {
  const auto start = reader.rest();
  std::uint32_t version = 0;
  std::size_t end = 0;
  std::size_t count = 0;
  bool taken = false;
  if (!Envelope::enter(reader, version, end)) return false;
  if (version == 0) return reader.mismatch("an object");  // an extension of another type
  if (!reader.map(count) || !read(reader, count, index, taken)) {
    if (!reader.broken()) (void)Envelope::leave(reader, end);
    return false;
  }
  reader.leave();
  reader.backTo(start);
  return true;
}

bool Tags::miss(Reader& reader, std::size_t mark) const {
  if (reader.broken()) return false;
  reader.report().under(mark, tag());
  reader.leave();
  return false;
}

// Looks through all pairs, so that the reader ends up behind them if there is no tag.
bool Tags::seek(Reader& reader, std::size_t count, std::size_t& index) const {
  bool found = false;
  bool good = true;
  for (; count > 0; --count) {
    if (!found && reader.take(key_.data(), key_.size())) {
      found = true;
      good = names_.read(reader, index);
    } else {
      reader.skip();
      if (!reader.broken()) reader.skip();
    }
    if (reader.broken()) return false;
  }
  return found ? good : reader.fail(names_.expected(), "nothing");
}

}  // namespace persistance::schema::detail
