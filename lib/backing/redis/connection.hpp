#pragma once
/// @file
/// One connection to one server, for any number of operations at once.

#include <memory>
#include <mutex>
#include <vector>

#include "backing/redis/backoff.hpp"
#include "backing/redis/breaker.hpp"
#include "backing/redis/request_queue.hpp"
#include "backing/redis/settings.hpp"

namespace persistance::redis {

struct Link;

/// Keeps itself connected from its first use on, and carries requests: those that are submitted in
/// one turn of the loop travel in one write. A request that is not written waits for the next
/// connection; one that is written when the connection goes is refused as sent.
///
/// Sockets and timers belong to its two coroutines and never to this object: it may outlive the
/// execution context, and may be used then; requests are refused as closed.
///
/// @par Threads  All public members, any thread. What is below "strand" is used by the coroutines.
class Connection : public std::enable_shared_from_this<Connection> {
 public:
  Connection(std::shared_ptr<const Settings> settings, Address address, std::uint64_t seed);

  /// Spawns the coroutines on a strand of `executor`; each holds `alive` to its end. Called once,
  /// in a handler of that execution context.
  void start(const asio::any_io_executor& executor, const std::shared_ptr<void>& alive);

  /// Every request that is submitted is finished by its deadline, or soon after.
  void submit(const RequestPtr& request);

  /// Refuses all that runs and waits, and ends the coroutines.
  void stop();
  /// stop(), once nothing runs or waits any more.
  void retire();

  /// Known to be down: a request now would be refused.
  [[nodiscard]] bool down() const;
  [[nodiscard]] bool up() const;

 private:
  struct Io;
  using IoPtr = std::shared_ptr<Io>;
  using LinkPtr = std::shared_ptr<Link>;

  void wakePump(std::unique_lock<std::mutex> lock);
  void closeForGood() noexcept;

  // strand
  [[nodiscard]] static asio::awaitable<void> pump(std::shared_ptr<Connection> self, IoPtr io,
                                                  std::shared_ptr<void> alive);
  [[nodiscard]] static asio::awaitable<void> run(std::shared_ptr<Connection> self, IoPtr io,
                                                 std::shared_ptr<void> alive);
  [[nodiscard]] asio::awaitable<std::optional<Refusal>> connect(Io& io, LinkPtr link);
  [[nodiscard]] asio::awaitable<Refusal> serve(Io& io, LinkPtr link);
  [[nodiscard]] asio::awaitable<void> pause(Io& io, Clock::duration duration);
  [[nodiscard]] bool stopping() const;
  void connected(const IoPtr& io);
  void lost(Io& io, const Refusal& why);
  void notConnected(const Refusal& why);
  void flush(const IoPtr& io);
  void watch(const IoPtr& io);
  void onTime(const IoPtr& io);
  void ping(const IoPtr& io);
  [[nodiscard]] bool take(bool& wish);
  void deliver(std::vector<RequestPtr>& complete);

  const std::shared_ptr<const Settings> settings_;
  const Address address_;
  const std::uint64_t seed_;

  mutable std::mutex mutex_;
  // All below is guarded by mutex_.
  RequestQueue queue_;
  Breaker breaker_;
  Refusal lastFailure_;
  bool used_ = false;     // the first request has come
  bool up_ = false;       // the queue is being written
  bool writing_ = false;  // what is queued now goes out after the write that runs
  bool stopping_ = false;
  bool retiring_ = false;
  bool hurry_ = false;                  // wish: try to connect now
  bool alarm_ = false;                  // wish: something is due before the timer fires
  bool attention_ = false;              // the pump has something to do
  std::shared_ptr<async::Event> wake_;  // there while the pump waits
  Clock::time_point armed_ = Clock::time_point::max();  // when the timer fires next
};

}  // namespace persistance::redis
