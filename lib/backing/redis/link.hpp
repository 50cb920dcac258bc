#pragma once
/// @file
/// One life of a connection: from connecting to the first error.

#include <array>
#include <vector>

#include "backing/redis/reply_fifo.hpp"
#include "backing/redis/stream.hpp"

namespace persistance::redis {

/// @par Threads  All on the connection's strand.
struct Link {
  Link(const asio::any_io_executor& executor, Reader::Limits limits)
      : stream(executor), reader(limits) {}

  Stream stream;
  Reader reader;
  ReplyFifo fifo;
  /// When bytes came last, or the first request went out after a silence.
  Clock::time_point lastProgress = Clock::now();

  // What the write that runs points to.
  std::vector<RequestPtr> batch;
  std::string small;
  std::vector<asio::const_buffer> buffers;

  std::array<char, 4 * Reader::chunkSize> received;

  /// Gathers `batch` for one write: small requests side by side, large ones where they are.
  void gather();
};

}  // namespace persistance::redis
