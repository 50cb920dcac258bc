#include "backing/redis/position.hpp"

namespace persistance::backing::redis {

std::optional<unsigned> Position::next() const { return firstOf(scan ? scan->slots : ~covered); }

void Position::begin(const NodeView& view, bool abroad) {
  Scan fresh;
  fresh.process = view.process;
  fresh.abroad = abroad;
  fresh.slots = abroad ? leaving & (view.owned | view.arriving) : view.owned & ~leaving;
  fresh.slots &= ~covered;
  scan.reset();
  if (fresh.slots.any()) scan = std::move(fresh);
}

bool Position::narrow(const NodeView& view) {
  const SlotSet here = scan->abroad ? view.owned | view.arriving : view.owned;
  if (view.process != scan->process) {
    scan->slots &= ~here;
    if (scan->slots.none()) scan.reset();
    return false;
  }
  scan->slots &= here;
  scan->leaving = (scan->leaving | view.leaving) & scan->slots;
  return true;
}

void Position::advance(const NodeView& view, std::uint64_t cursor) {
  scan->part.reset();
  scan->cursor = cursor;
  if (cursor == 0) return end(view);
  if (scan->slots.none()) scan.reset();
}

/// Those that were on their way and are not any more may have come back: nothing is known of them.
void Position::end(const NodeView& view) {
  covered |= scan->slots & ~scan->leaving;
  leaving &= ~scan->slots;
  leaving |= scan->leaving & view.leaving;
  scan.reset();
}

}  // namespace persistance::backing::redis
