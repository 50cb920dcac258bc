#pragma once
/// @file
/// One connection to one server, for any number of operations at once.

#include <memory>

#include "backing/redis/membership.hpp"
#include "backing/redis/outbox.hpp"
#include "backing/redis/settings.hpp"

namespace persistance::backing::redis {

/// Keeps itself connected from its first use on, and carries requests: those that are submitted in
/// one turn of the loop travel in one write. A request that is not written waits for the next
/// connection; one that is written when the connection goes is refused as sent.
///
/// Sockets and timers belong to its two coroutines and never to this object, which may outlive the
/// execution context.
///
/// @par Threads  Any number at once.
class Connection : public std::enable_shared_from_this<Connection> {
 public:
  Connection(std::shared_ptr<const Settings> settings, std::shared_ptr<const Membership> membership,
             Address address, std::uint64_t seed);

  /// Spawns the coroutines on a strand of `executor`; each holds `alive` to its end. Called once,
  /// in a handler of that execution context.
  void start(const asio::any_io_executor& executor, const std::shared_ptr<void>& alive);

  void submit(const RequestPtr& request) { outbox_->submit(request); }
  void stop() { outbox_->stop(); }
  void retire() { outbox_->retire(); }
  [[nodiscard]] bool down() const { return outbox_->down(); }
  [[nodiscard]] bool up() const { return outbox_->up(); }

 private:
  struct Loop;
  using LoopPtr = std::shared_ptr<Loop>;

  // On the strand.
  [[nodiscard]] static asio::awaitable<void> doWork(std::shared_ptr<Connection> self, LoopPtr loop,
                                                    std::shared_ptr<void> alive);
  [[nodiscard]] static asio::awaitable<void> stayConnected(std::shared_ptr<Connection> self,
                                                           LoopPtr loop,
                                                           std::shared_ptr<void> alive);
  [[nodiscard]] asio::awaitable<void> connectOnce(LoopPtr loop);
  void rearm(const LoopPtr& loop);
  void onTime(const LoopPtr& loop);

  const std::shared_ptr<const Settings> settings_;
  const std::shared_ptr<const Membership> membership_;
  const Address address_;
  const std::uint64_t seed_;
  const std::shared_ptr<Outbox> outbox_;
};

}  // namespace persistance::backing::redis
