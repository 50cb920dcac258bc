#include "backing/redis/mget.hpp"

namespace persistance::backing::redis {

Mget::Mget(std::string_view names, std::span<const std::string> keys, bool cluster)
    : pieces_(piecesOf(names, keys, cluster)) {
  commands_.reserve(pieces_.size());
  for (const Piece& piece : pieces_) {
    Command& command = commands_.emplace_back(expects::array, Access::read, piece.slot);
    write(CommandWriter(command.wire), "MGET", names, keys, piece);
  }
}

void Mget::hand(Sink& sink) const {
  for (std::size_t c = 0; c < commands_.size(); ++c) {
    const Reply& reply = commands_[c].reply;
    const std::vector<std::size_t>& places = pieces_[c].places;
    if (reply.items.size() != places.size()) {
      throw Failure(BackingErrc::protocol, "MGET was answered with another number of values");
    }
    for (std::size_t i = 0; i < places.size(); ++i) {
      const ReplyItem& item = reply.items[i];
      if (item.kind == ReplyKind::nil) continue;
      if (item.kind != ReplyKind::bulk) {
        throw Failure(BackingErrc::protocol, "MGET was answered with something that is no value");
      }
      sink.found(places[i], std::as_bytes(std::span(reply.text(item))));
    }
  }
}

}  // namespace persistance::backing::redis
