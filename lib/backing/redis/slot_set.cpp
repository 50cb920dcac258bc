#include "backing/redis/slot_set.hpp"

#include <charconv>

namespace persistance::backing::redis {
namespace {

/// A slot at the front of `text`, which loses it.
std::optional<unsigned> takeSlot(std::string_view& text) {
  unsigned slot = slotCount;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), slot);
  if (error != std::errc{} || slot >= slotCount) return std::nullopt;
  text.remove_prefix(static_cast<std::size_t>(end - text.data()));
  return slot;
}

}  // namespace

bool addSlots(std::string_view range, SlotSet& slots) {
  const std::optional<unsigned> first = takeSlot(range);
  if (!first) return false;
  std::optional<unsigned> last = first;
  if (range.starts_with('-')) {
    range.remove_prefix(1);
    last = takeSlot(range);
  }
  if (!last || *last < *first || !range.empty()) return false;
  for (unsigned slot = *first; slot <= *last; ++slot) slots.set(slot);
  return true;
}

std::string textOf(const SlotSet& slots) {
  std::string text;
  for (unsigned slot = 0; slot < slotCount; ++slot) {
    if (!slots[slot]) continue;
    const unsigned first = slot;
    while (slot + 1 < slotCount && slots[slot + 1]) ++slot;
    if (!text.empty()) text += ',';
    text += std::to_string(first);
    if (slot > first) text += '-' + std::to_string(slot);
  }
  return text;
}

std::optional<SlotSet> slotsOf(std::string_view text) {
  SlotSet slots;
  while (!text.empty()) {
    const std::size_t comma = std::min(text.find(','), text.size());
    if (!addSlots(text.substr(0, comma), slots)) return std::nullopt;
    text.remove_prefix(std::min(comma + 1, text.size()));
  }
  return slots;
}

std::optional<unsigned> firstOf(const SlotSet& slots) {
  for (unsigned slot = 0; slot < slotCount; ++slot) {
    if (slots[slot]) return slot;
  }
  return std::nullopt;
}

}  // namespace persistance::backing::redis
