#pragma once
/// @file
/// Carries commands to whoever owns their keys, until they are done or their time is up.

#include <atomic>
#include <span>

#include <persistance/backing/store.hpp>

#include "backing/redis/command.hpp"
#include "backing/redis/topology.hpp"

namespace persistance::backing::redis {

/// All stores of one layer, over the connections that they share.
///
/// @par Threads  Any number of operations at once, from any thread and any execution context; each
///               resumes on its own executor. The connections live in the context of open().
class Client : public std::enable_shared_from_this<Client> {
 public:
  explicit Client(std::shared_ptr<const Settings> settings);

  /// @par Errors  std::invalid_argument for options that make no sense; Failure where no server
  ///              serves and `start` is failFast.
  [[nodiscard]] static asio::awaitable<std::shared_ptr<Client>> open(RedisOptions options);

  [[nodiscard]] std::shared_ptr<Store> store(const std::string& storeId);

  /// New operations fail as closed at once; those that run have closeDeadline to end, then they
  /// fail. Returns when all coroutines of the client have ended. Any number of times.
  [[nodiscard]] asio::awaitable<void> close();

  /// Runs one command, `request`, within the operation's deadline; a bulk that comes back goes to
  /// `sink`. In the usual case this is one wait.
  [[nodiscard]] asio::awaitable<void> run(RequestPtr request, Access access, std::uint16_t slot,
                                          Sink* sink = nullptr);

  /// Runs all of them as one: scattered over nodes, gathered in place.
  /// @par Errors  Failure: the first command that failed says why; others may have been applied.
  [[nodiscard]] asio::awaitable<void> run(std::span<Command> commands, Clock::time_point deadline);

  /// Who owns what, learnt first where it is not known.
  [[nodiscard]] asio::awaitable<std::shared_ptr<const Routing>> routing(Clock::time_point deadline);

  /// Has that learnt anew; nobody waits for it.
  void refresh() { topology_->refresh(); }

  /// The node at a place that the cluster pointed to.
  /// @par Errors  Failure: the options do not allow that host.
  [[nodiscard]] asio::awaitable<NodePtr> resolve(const Address& address,
                                                 Clock::time_point deadline);

  /// Where all goes over one connection, any slot will do.
  [[nodiscard]] bool slotsMatter() const noexcept { return topology_->slotsMatter(); }

  [[nodiscard]] const Settings& settings() const noexcept { return *settings_; }
  [[nodiscard]] bool closing() const noexcept { return closing_; }

 private:
  class Running;
  struct End;

  [[nodiscard]] Connection* usual(std::uint16_t slot, const Routing* known) const;
  [[nodiscard]] asio::awaitable<void> runOn(Command command, std::shared_ptr<const Routing> known,
                                            Sink* sink, Clock::time_point deadline);
  [[nodiscard]] asio::awaitable<void> finish(std::vector<Command*> pending,
                                             std::shared_ptr<const Routing> known,
                                             Clock::time_point deadline);
  [[nodiscard]] asio::awaitable<void> aim(Command& command, const Decision& decision,
                                          Clock::time_point deadline);
  [[nodiscard]] asio::awaitable<void> waitForIdle(Clock::time_point until);

  const std::shared_ptr<const Settings> settings_;
  const std::shared_ptr<Topology> topology_;
  std::atomic<bool> closing_ = false;
  std::atomic<std::size_t> running_ = 0;
  std::atomic<unsigned> turn_ = 0;  // whose turn it is among replicas
  async::Waiters idle_;             // for running_ to reach zero
  std::shared_ptr<End> end_;
};

}  // namespace persistance::backing::redis
