#include "backing/redis/slot_map.hpp"

#include "backing/redis/reply_reader.hpp"

namespace persistance::backing::redis {
namespace {

/// Walks over the values of a reply in the order in which they came.
class Tape {
 public:
  explicit Tape(const Reply& reply) : reply_(reply) {}

  const ReplyItem& next() {
    if (at_ == reply_.items.size()) fail();
    return reply_.items[at_++];
  }

  std::size_t array(std::size_t least) {
    const ReplyItem& item = next();
    if (item.kind != ReplyKind::array || static_cast<std::size_t>(item.integer) < least) fail();
    return static_cast<std::size_t>(item.integer);
  }

  unsigned number(unsigned limit) {
    const ReplyItem& item = next();
    if (item.kind != ReplyKind::integer || item.integer < 0 || item.integer > limit) fail();
    return static_cast<unsigned>(item.integer);
  }

  /// nil says that the node does not know its own name; "?" says so too, and "" in between.
  std::string host(const std::string& same) {
    const ReplyItem& item = next();
    if (item.kind == ReplyKind::nil) return same;
    if (item.kind != ReplyKind::bulk || item.length > 255) fail();
    const std::string_view text = reply_.text(item);
    return text.empty() ? same : std::string(text);
  }

  void id(std::vector<std::string>& ids) {
    const ReplyItem& item = next();
    if (item.kind != ReplyKind::bulk) fail();
    ids.emplace_back(reply_.text(item));
  }

  void skip() {
    for (std::size_t left = 1; left > 0; --left) {
      const ReplyItem& item = next();
      if (item.kind == ReplyKind::array) left += static_cast<std::size_t>(item.integer);
    }
  }

  [[noreturn]] static void fail() { throw ProtocolError("CLUSTER SLOTS: not a list of slots"); }

 private:
  const Reply& reply_;
  std::size_t at_ = 0;
};

}  // namespace

std::vector<SlotRange> readSlots(const Reply& reply, const std::string& host) {
  if (reply.kind() != ReplyKind::array) Tape::fail();
  std::vector<SlotRange> ranges;
  Tape tape(reply);
  for (std::int64_t i = 0; i < reply.root.integer; ++i) {
    SlotRange range;
    const std::size_t fields = tape.array(2);
    range.first = tape.number(slotCount - 1);
    range.last = tape.number(slotCount - 1);
    if (range.last < range.first) Tape::fail();
    bool primaryKnown = false;
    for (std::size_t node = 2; node < fields; ++node) {
      const std::size_t parts = tape.array(2);
      Address address(tape.host(host), 0);
      address.port = static_cast<std::uint16_t>(tape.number(65535));
      if (parts > 2) tape.id(range.ids);
      for (std::size_t part = 3; part < parts; ++part) tape.skip();
      const bool known = address.port != 0 && !address.host.empty() && address.host != "?";
      if (node == 2) primaryKnown = known;
      if (known) range.nodes.push_back(std::move(address));
    }
    if (primaryKnown) ranges.push_back(std::move(range));
  }
  return ranges;
}

}  // namespace persistance::backing::redis
