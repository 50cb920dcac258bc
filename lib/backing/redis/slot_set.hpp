#pragma once
/// @file
/// Any of the hash slots, and how they are written.

#include <bitset>
#include <optional>
#include <string>
#include <string_view>

#include "backing/redis/slot.hpp"

namespace persistance::backing::redis {

using SlotSet = std::bitset<slotCount>;

/// Adds "77" or "0-5460", as CLUSTER NODES writes them. False: it is neither.
[[nodiscard]] bool addSlots(std::string_view range, SlotSet& slots);

/// All of them, as ranges with commas between: "0-5460,9000".
[[nodiscard]] std::string textOf(const SlotSet& slots);

/// What textOf() wrote; nullopt: it is no such text.
[[nodiscard]] std::optional<SlotSet> slotsOf(std::string_view text);

/// The first of them; nullopt: there is none.
[[nodiscard]] std::optional<unsigned> firstOf(const SlotSet& slots);

}  // namespace persistance::backing::redis
