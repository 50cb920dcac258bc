#include "backing/redis/node_view.hpp"

#include <charconv>

#include "backing/redis/reply_reader.hpp"

namespace persistance::backing::redis {
namespace {

[[noreturn]] void noList() { throw ProtocolError("CLUSTER NODES: not a list of nodes"); }

/// What stands before the next `end`; that and `end` are taken off `text`.
std::string_view take(std::string_view& text, char end) {
  const std::size_t at = std::min(text.find(end), text.size());
  const std::string_view taken = text.substr(0, at);
  text.remove_prefix(std::min(at + 1, text.size()));
  return taken;
}

/// "10.0.0.1:6379@16379,name"
Address readPlace(std::string_view text, const std::string& host) {
  Address address;
  if (!parseAddress(text.substr(0, text.find('@')), host, address)) noList();
  return address;
}

/// id, place, flags, and what follows.
struct Line {
  std::string_view id;
  std::string_view place;
  std::string_view flags;
  std::string_view rest;

  explicit Line(std::string_view text)
      : id(take(text, ' ')), place(take(text, ' ')), flags(take(text, ' ')), rest(text) {}

  [[nodiscard]] bool own() const {
    for (std::string_view left = flags; !left.empty();) {
      if (take(left, ',') == "myself") return true;
    }
    return false;
  }
};

/// "[77->-id]" or "[77-<-id]": a slot that goes to that node, or comes from it.
void addOpen(std::string_view text, std::string_view nodes, NodeView& view,
             const std::string& host) {
  SlotSet slot;
  if (!addSlots(take(text, '-'), slot)) noList();
  if (text.starts_with("<-")) {
    view.arriving |= slot;
    return;
  }
  if (!text.starts_with(">-") || !text.ends_with(']')) noList();
  const std::string_view id = text.substr(2, text.size() - 3);
  while (!nodes.empty()) {
    const Line line(take(nodes, '\n'));
    if (line.id != id) continue;
    view.leaving |= slot;
    view.targets[*firstOf(slot)] = readPlace(line.place, host);
  }
}

}  // namespace

std::string readProcess(std::string_view info) {
  constexpr std::string_view name = "run_id:";
  const std::size_t at = info.find(name);
  if (at == std::string_view::npos) return {};
  info.remove_prefix(at + name.size());
  return std::string(take(info, '\r'));
}

NodeView readNodes(std::string_view nodes, const std::string& host) {
  constexpr int fieldsBeforeSlots = 5;  // primary, ping, pong, epoch, link
  NodeView view;
  for (std::string_view left = nodes; !left.empty();) {
    Line line(take(left, '\n'));
    if (!line.own()) continue;
    for (int i = 0; i < fieldsBeforeSlots; ++i) {
      if (take(line.rest, ' ').empty()) noList();
    }
    while (!line.rest.empty()) {
      std::string_view slots = take(line.rest, ' ');
      if (slots.starts_with('[')) {
        addOpen(slots.substr(1), nodes, view, host);
      } else if (!addSlots(slots, view.owned)) {
        noList();
      }
    }
    return view;
  }
  noList();
}

}  // namespace persistance::backing::redis
