#include "backing/redis/mget.hpp"

#include <map>

#include "backing/redis/command_writer.hpp"

namespace persistance::backing::redis {
namespace {

constexpr std::size_t keysPerCommand = 4096;

}  // namespace

Mget::Mget(std::string_view names, std::span<const std::string> keys, bool cluster) {
  if (cluster) {
    const std::uint16_t namesCrc = crc16(names);
    std::map<std::uint16_t, Places> bySlot;
    for (std::size_t i = 0; i < keys.size(); ++i) {
      bySlot[static_cast<std::uint16_t>(crc16(keys[i], namesCrc) % slotCount)].push_back(i);
    }
    for (auto& [slot, places] : bySlot) add(names, keys, slot, std::move(places));
    return;
  }
  for (std::size_t first = 0; first < keys.size(); first += keysPerCommand) {
    Places places;
    for (std::size_t i = first; i < std::min(first + keysPerCommand, keys.size()); ++i) {
      places.push_back(i);
    }
    add(names, keys, 0, std::move(places));
  }
}

void Mget::add(std::string_view names, std::span<const std::string> keys, std::uint16_t slot,
               Places places) {
  Command& command = commands_.emplace_back(expects::array, Access::read, slot);
  CommandWriter writer(command.wire);
  writer.begin(places.size() + 1);
  writer.add("MGET");
  for (const std::size_t place : places) writer.add(names, keys[place]);
  places_.push_back(std::move(places));
}

void Mget::hand(Sink& sink) const {
  for (std::size_t c = 0; c < commands_.size(); ++c) {
    const Reply& reply = commands_[c].reply;
    if (reply.items.size() != places_[c].size()) {
      throw Failure(BackingErrc::protocol, "MGET was answered with another number of values");
    }
    for (std::size_t i = 0; i < places_[c].size(); ++i) {
      const ReplyItem& item = reply.items[i];
      if (item.kind == ReplyKind::nil) continue;
      if (item.kind != ReplyKind::bulk) {
        throw Failure(BackingErrc::protocol, "MGET was answered with something that is no value");
      }
      const std::string_view text = reply.text(item);
      sink.found(places_[c][i], std::as_bytes(std::span(text.data(), text.size())));
    }
  }
}

}  // namespace persistance::backing::redis
