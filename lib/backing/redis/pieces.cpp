#include "backing/redis/pieces.hpp"

#include <map>

namespace persistance::backing::redis {
namespace {

constexpr std::size_t keysPerPiece = 4096;
constexpr std::size_t bytesPerPiece = std::size_t{1} << 20;

/// The piece of one slot that is being filled.
struct Open {
  std::size_t piece = 0;
  std::size_t bytes = 0;
};

}  // namespace

std::vector<Piece> piecesOf(std::string_view names, std::span<const std::string> keys,
                            bool cluster) {
  const std::uint16_t namesCrc = crc16(names);
  std::vector<Piece> pieces;
  std::map<std::uint16_t, Open> open;  // by slot
  for (std::size_t i = 0; i < keys.size(); ++i) {
    const auto slot =
        static_cast<std::uint16_t>(cluster ? crc16(keys[i], namesCrc) % slotCount : 0);
    const std::size_t size = names.size() + keys[i].size();
    const auto [place, added] = open.try_emplace(slot);
    Open& filling = place->second;
    if (added || pieces[filling.piece].places.size() == keysPerPiece ||
        filling.bytes + size > bytesPerPiece) {
      filling = {pieces.size(), 0};
      pieces.emplace_back().slot = slot;
    }
    filling.bytes += size;
    pieces[filling.piece].places.push_back(i);
  }
  return pieces;
}

void write(CommandWriter writer, std::string_view command, std::string_view names,
           std::span<const std::string> keys, const Piece& piece) {
  writer.begin(piece.places.size() + 1);
  writer.add(command);
  for (const std::size_t place : piece.places) writer.add(names, keys[place]);
}

std::vector<Command> removalOf(std::string_view names, std::span<const std::string> keys,
                               bool cluster) {
  std::vector<Command> commands;
  for (const Piece& piece : piecesOf(names, keys, cluster)) {
    Command& command = commands.emplace_back(expects::integer, Access::write, piece.slot);
    write(CommandWriter(command.wire), "UNLINK", names, keys, piece);
  }
  return commands;
}

}  // namespace persistance::backing::redis
