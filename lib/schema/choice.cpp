// One of several: literals, enumerations, variants.
#include <stdexcept>

#include <persistance/schema/enumeration.hpp>
#include <persistance/schema/object.hpp>
#include <persistance/schema/variant.hpp>

#include "kind.hpp"

namespace persistance::schema {
namespace {

std::string listed(const std::vector<std::string>& items) {
  std::string text;
  for (std::size_t i = 0; i < items.size(); ++i)
    text += (i == 0 ? "" : i + 1 == items.size() ? " or " : ", ") + items[i];
  return text;
}

std::string listedNames(const std::vector<std::string>& names) {
  std::vector<std::string> items;
  for (const std::string& name : names) items.push_back(schema::quoted(name));
  return listed(items);
}

std::size_t indexOf(const std::vector<std::string>& names, std::string_view name) {
  return static_cast<std::size_t>(std::find(names.begin(), names.end(), name) - names.begin());
}

}  // namespace

std::string choice(const std::vector<Unknown>& values) {
  std::vector<std::string> items;
  for (const Unknown& value : values) {
    const auto* data = reinterpret_cast<const std::uint8_t*>(value.bytes().data());
    items.push_back(describe({data, value.bytes().size()}));
  }
  return listed(items);
}

EnumerationNames::EnumerationNames(std::vector<std::string> names)
    : names_(std::move(names)), expected_(listedNames(names_)) {
  refuseRepeats({names_.begin(), names_.end()});
}

bool EnumerationNames::read(Reader& reader, std::size_t& index) const {
  std::string_view name;
  if (!reader.text(name, expected_)) return false;
  index = indexOf(names_, name);
  return index < names_.size() || reader.fail(expected_, quoted(name));
}

bool EnumerationNames::write(Writer& writer, std::size_t index, Wide number) const {
  if (index >= names_.size()) return writer.fail(expected_, toString(number));
  return writer.text(names_[index]);
}

Shape EnumerationNames::shape(Shapes& shapes) const {
  std::vector<Unknown> values;
  for (const std::string& name : names_) values.push_back(string().encode(name));
  return shapes.oneOfValues(values);
}

Tags::Tags(std::string_view tag, std::vector<std::string> names)
    : key_(tag), names_(std::move(names)), expected_(listedNames(names_)) {
  refuseRepeats({names_.begin(), names_.end()});
}

bool Tags::write(Writer& writer, std::size_t index) const {
  if (!writer.encoded(key_.data(), key_.size())) return false;
  const std::size_t mark = writer.report().mark();
  if (writer.text(names_[index])) return true;
  writer.report().under(mark, tag());
  return false;
}

bool Tags::read(Reader& reader, std::size_t& count, std::size_t& index) const {
  const auto start = reader.rest();
  const std::size_t mark = reader.report().mark();
  if (count > 0 && reader.take(key_.data(), key_.size())) {
    --count;
    if (readName(reader, index)) return true;
    if (!reader.broken()) {
      for (; count > 0 && reader.skip() && reader.skip(); --count) continue;
    }
    return miss(reader, mark);
  }
  if (!seek(reader, count, index)) return miss(reader, mark);
  reader.backTo(start);
  return true;
}

bool Tags::miss(Reader& reader, std::size_t mark) const {
  if (reader.broken()) return false;
  reader.report().under(mark, tag());
  reader.leave();
  return false;
}

bool Tags::readName(Reader& reader, std::size_t& index) const {
  std::string_view name;
  if (!reader.text(name, expected_)) return false;
  index = indexOf(names_, name);
  return index < names_.size() || reader.fail(expected_, quoted(name));
}

// Looks through all pairs, so that the reader ends up behind them if there is no tag.
bool Tags::seek(Reader& reader, std::size_t count, std::size_t& index) const {
  bool found = false;
  bool good = true;
  for (; count > 0; --count) {
    if (!found && reader.take(key_.data(), key_.size())) {
      found = true;
      good = readName(reader, index);
    } else {
      reader.skip();
      if (!reader.broken()) reader.skip();
    }
    if (reader.broken()) return false;
  }
  return found ? good : reader.fail(expected_, "nothing");
}

}  // namespace persistance::schema
