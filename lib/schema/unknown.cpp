#include <persistance/schema/unknown.hpp>

namespace persistance::schema {

bool UnknownSchema::write(Writer& writer, const Unknown& value) const {
  std::vector<Issue> issues;
  Limits limits = writer.limits();
  limits.depth -= writer.depth();
  Reader reader(value.bytes(), issues, limits);
  reader.skip();
  if (reader.finish())
    return writer.encoded(reinterpret_cast<const char*>(value.bytes().data()),
                          value.bytes().size());
  for (const Issue& issue : issues) writer.fail(issue.expected, issue.actual);
  return false;
}

bool UnknownSchema::read(Reader& reader, Unknown& out) const {
  const std::span<const std::uint8_t> start = reader.rest();
  if (!reader.skip()) return false;
  out = Unknown::fromBytes(std::as_bytes(start.first(start.size() - reader.left())));
  return true;
}

}  // namespace persistance::schema
