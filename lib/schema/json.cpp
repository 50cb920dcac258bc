#include <persistance/schema/json.hpp>

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include <persistance/schema/detail/room.hpp>

#include "schema/head.hpp"

namespace persistance::schema {
namespace {

using Tree = nlohmann::json;

constexpr std::int8_t subtypeExtension = 2;
constexpr std::size_t pairSize = detail::nodeSize<Tree::object_t::value_type>;

bool writeArray(Writer& writer, const Tree& value) {
  if (!writer.array(value.size())) return false;
  writer.made(value.size() + 1, sizeof(Tree));
  bool good = true;
  std::size_t mark = writer.report().mark();
  for (std::size_t i = 0; i < value.size() && !writer.over(); ++i) {
    if (json().write(writer, value[i])) continue;
    good = false;
    writer.report().under(mark, i);
    mark = writer.report().mark();
  }
  writer.leave();
  return good;
}

bool writeObject(Writer& writer, const Tree& value) {
  if (!writer.map(value.size())) return false;
  writer.made(value.size() + 1, pairSize);
  bool good = true;
  for (auto item = value.begin(); item != value.end() && !writer.over(); ++item) {
    good &= writer.text(item.key());
    const std::size_t mark = writer.report().mark();
    if (json().write(writer, *item)) continue;
    good = false;
    writer.report().under(mark, item.key());
  }
  writer.leave();
  return good;
}

bool writeBytes(Writer& writer, const Tree::binary_t& value) {
  const auto bytes = std::as_bytes(std::span(value));
  if (!value.has_subtype()) return writer.bytes(bytes);
  const std::size_t start = writer.size();
  return writer.extension32(subtypeExtension) && writer.integer(value.subtype()) &&
         writer.encoded(reinterpret_cast<const char*>(bytes.data()), bytes.size()) &&
         writer.closeExtension32(start);
}

bool readArray(Reader& reader, Tree& out) {
  std::size_t count = 0;
  if (!reader.array(count) || !reader.make(count + 1, sizeof(Tree))) return false;
  bool good = true;
  auto& items = (out = Tree::array()).get_ref<Tree::array_t&>();
  for (std::size_t i = 0; i < count; ++i) {
    const std::size_t mark = reader.report().mark();
    if (json().read(reader, items.emplace_back())) continue;
    good = false;
    items.pop_back();
    reader.report().under(mark, i);
    if (reader.broken()) return false;
  }
  reader.leave();
  return good;
}

bool readPair(Reader& reader, Tree::object_t& out) {
  std::string_view key;
  if (!reader.text(key, "a text key")) return !reader.broken() && (reader.skip(), false);
  const std::size_t mark = reader.report().mark();
  const auto [place, fresh] = out.emplace(std::string(key), nullptr);
  if (fresh ? json().read(reader, place->second) : reader.mismatch("one entry of this key"))
    return true;
  reader.report().under(mark, key);
  return false;
}

bool readObject(Reader& reader, Tree& out) {
  std::size_t count = 0;
  if (!reader.map(count) || !reader.make(count + 1, pairSize)) return false;
  bool good = true;
  auto& pairs = (out = Tree::object()).get_ref<Tree::object_t&>();
  for (; count > 0; --count) {
    good &= readPair(reader, pairs);
    if (reader.broken()) return false;
  }
  reader.leave();
  return good;
}

bool readText(Reader& reader, Tree& out) {
  std::string_view text;
  if (!reader.text(text) || !reader.make(1, sizeof(Tree::string_t))) return false;
  out = std::string(text);
  return true;
}

bool readBytes(Reader& reader, Tree& out) {
  std::span<const std::byte> bytes;
  if (!reader.bytes(bytes)) return false;
  const auto* data = reinterpret_cast<const std::uint8_t*>(bytes.data());
  out = Tree::binary({data, data + bytes.size()});
  return true;
}

// Bytes with a subtype, in the extension that the grammar has for them.
bool readSubtype(Reader& reader, Tree& out) {
  const auto start = reader.rest();
  std::int8_t type = 0;
  std::size_t size = 0;
  if (!reader.extension(type, size)) return false;
  const auto content = reader.rest().first(size);
  std::vector<Issue> issues;
  Reader inner(std::as_bytes(content), issues);
  std::uint64_t subtype = 0;
  const bool good = type == subtypeExtension && inner.integer(subtype);
  reader.backTo(start);
  if (!good) return reader.mismatch("a JSON value");
  const auto bytes = inner.rest();
  out = Tree::binary({bytes.begin(), bytes.end()}, subtype);
  return reader.skip();
}

template <class T, class Read>
bool readScalar(Tree& out, Read read) {
  T value{};
  if (!read(value)) return false;
  out = value;
  return true;
}

}  // namespace

bool JsonTreeSchema::write(Writer& writer, const Tree& value) const {
  switch (value.type()) {
    case Tree::value_t::null: return writer.null();
    case Tree::value_t::boolean: return writer.boolean(value.get_ref<const bool&>());
    case Tree::value_t::number_integer: return writer.integer(value.get<std::int64_t>());
    case Tree::value_t::number_unsigned: return writer.integer(value.get<std::uint64_t>());
    case Tree::value_t::number_float: return writer.number(value.get<double>());
    case Tree::value_t::string:
      writer.made(1, sizeof(Tree::string_t));
      return writer.text(value.get_ref<const std::string&>());
    case Tree::value_t::binary: return writeBytes(writer, value.get_binary());
    case Tree::value_t::array: return writeArray(writer, value);
    case Tree::value_t::object: return writeObject(writer, value);
    case Tree::value_t::discarded: break;
  }
  return writer.fail("a JSON value", "a discarded one");
}

bool JsonTreeSchema::read(Reader& reader, Tree& out) const {
  const std::optional<detail::Head> head = detail::headOf(reader.rest());
  if (!head) return reader.mismatch("a JSON value");
  using detail::Kind;
  switch (head->kind) {
    case Kind::null: return out = nullptr, reader.null();
    case Kind::boolean: return readScalar<bool>(out, [&](bool& b) { return reader.boolean(b); });
    case Kind::integer:  // JSON's two kinds: negative ones are signed, the others unsigned
      return head->negative
                 ? readScalar<std::int64_t>(out, [&](auto& i) { return reader.integer(i); })
                 : readScalar<std::uint64_t>(out, [&](auto& i) { return reader.integer(i); });
    case Kind::real: return readScalar<double>(out, [&](double& d) { return reader.number(d); });
    case Kind::text: return readText(reader, out);
    case Kind::bytes: return readBytes(reader, out);
    case Kind::array: return readArray(reader, out);
    case Kind::map: return readObject(reader, out);
    case Kind::extension: return readSubtype(reader, out);
  }
  return reader.mismatch("a JSON value");
}

}  // namespace persistance::schema
