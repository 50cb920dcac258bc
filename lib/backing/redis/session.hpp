#pragma once
/// @file
/// One life of a connection: from the greeting to the first error.

#include <vector>

#include "backing/redis/channel.hpp"
#include "backing/redis/outbox.hpp"
#include "backing/redis/reply_fifo.hpp"
#include "backing/redis/write_batch.hpp"

namespace persistance::backing::redis {

/// Writes what waits in the outbox, all in one write, and hands replies to those who asked.
/// @par Threads  All on the connection's strand.
class Session : public std::enable_shared_from_this<Session> {
 public:
  Session(ChannelPtr channel, std::shared_ptr<Outbox> outbox,
          std::shared_ptr<const Settings> settings, std::string name);

  /// Writes what waits, unless a write runs: then what waits goes when that is done.
  void flush();

  /// Reads until something is wrong.
  [[nodiscard]] static asio::awaitable<Refusal> serve(std::shared_ptr<Session> self);

  /// Refuses what was sent. Any number of times.
  void end(const Refusal& why);

  /// Tells those whose time is up, and closes what has been silent for too long.
  void onTime(Clock::time_point now);
  /// When onTime() has something to do next.
  [[nodiscard]] Clock::time_point nextDue() const;

 private:
  void written(std::error_code error);
  void receive(std::span<const char> bytes);
  void deliver();
  void ping();

  const ChannelPtr channel_;
  const std::shared_ptr<Outbox> outbox_;
  const std::shared_ptr<const Settings> settings_;
  const std::string name_;  // of the server
  ReplyFifo fifo_;
  WriteBatch batch_;                  // of the write that runs
  std::vector<RequestPtr> complete_;  // to be told
  bool ended_ = false;
  /// When bytes came last, or the first request went out after a silence.
  Clock::time_point lastProgress_ = Clock::now();
};

}  // namespace persistance::backing::redis
