#pragma once
/// @file
/// The bytes of one connection, and the replies in them.

#include <array>

#include "backing/redis/reply_reader.hpp"
#include "backing/redis/stream.hpp"

namespace persistance::backing::redis {

/// @par Threads  All on the connection's strand.
struct Channel {
  Channel(const asio::any_io_executor& executor, ReplyReader::Limits limits)
      : stream(executor), reader(limits) {}

  Stream stream;
  ReplyReader reader;
  std::array<char, 4 * ReplyReader::chunkSize> received;
};
using ChannelPtr = std::shared_ptr<Channel>;

}  // namespace persistance::backing::redis
