#include "backing/redis/position_text.hpp"

#include <charconv>
#include <vector>

namespace persistance::backing::redis {
namespace {

constexpr std::string_view digits = "0123456789abcdef";

std::string hexadecimal(std::string_view bytes) {
  std::string text;
  text.reserve(2 * bytes.size());
  for (const char byte : bytes) {
    text += digits[static_cast<unsigned char>(byte) >> 4];
    text += digits[static_cast<unsigned char>(byte) & 15];
  }
  return text;
}

/// The fields of a text, one after the other. What is wrong with one shows in `wrong`.
class Fields {
 public:
  explicit Fields(std::string_view text) : left_(text) {}

  [[nodiscard]] bool more() const noexcept { return !over_; }
  [[nodiscard]] bool wrong() const noexcept { return wrong_; }

  SlotSet slots() {
    const std::optional<SlotSet> found = slotsOf(next());
    wrong_ = wrong_ || !found;
    return found.value_or(SlotSet());
  }

  std::uint64_t number() {
    const std::string_view text = next();
    std::uint64_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    wrong_ = wrong_ || error != std::errc{} || end != text.data() + text.size();
    return value;
  }

  std::string bytes() {
    const std::string_view text = next();
    wrong_ = wrong_ || text.size() % 2 != 0;
    std::string found;
    for (std::size_t i = 0; i + 1 < text.size(); i += 2) {
      const std::size_t high = digits.find(text[i]);
      const std::size_t low = digits.find(text[i + 1]);
      wrong_ = wrong_ || high == std::string_view::npos || low == std::string_view::npos;
      found += static_cast<char>(16 * high + low);
    }
    return found;
  }

 private:
  std::string_view next() {
    wrong_ = wrong_ || over_;
    const std::size_t slash = left_.find('/');
    over_ = slash == std::string_view::npos;
    const std::string_view field = left_.substr(0, slash);
    left_.remove_prefix(over_ ? left_.size() : slash + 1);
    return field;
  }

  std::string_view left_;
  bool over_ = false;
  bool wrong_ = false;
};

Position::Scan readScan(Fields& fields) {
  Position::Scan scan;
  scan.process = fields.bytes();
  scan.abroad = fields.number() == 1;
  scan.slots = fields.slots();
  scan.leaving = fields.slots();
  scan.cursor = fields.number();
  if (!fields.more()) return scan;
  scan.part.emplace();
  scan.part->end = fields.number();
  scan.part->last = fields.bytes();
  return scan;
}

}  // namespace

std::string writePosition(const Position& position) {
  std::string text = textOf(position.covered) + '/' + textOf(position.leaving);
  if (!position.scan) return text;
  const Position::Scan& scan = *position.scan;
  text += '/' + hexadecimal(scan.process) + (scan.abroad ? "/1/" : "/0/") + textOf(scan.slots);
  text += '/' + textOf(scan.leaving) + '/' + std::to_string(scan.cursor);
  if (scan.part) text += '/' + std::to_string(scan.part->end) + '/' + hexadecimal(scan.part->last);
  return text;
}

std::optional<Position> readPosition(std::string_view text) {
  Fields fields(text);
  Position position;
  position.covered = fields.slots();
  position.leaving = fields.slots();
  if (fields.more()) position.scan = readScan(fields);
  if (fields.wrong() || fields.more()) return std::nullopt;
  if (position.scan && position.scan->slots.none()) return std::nullopt;
  return position;
}

}  // namespace persistance::backing::redis
