#pragma once
/// @file
/// Carries commands to whoever owns their keys, until they are done or their time is up.

#include <atomic>
#include <span>

#include <persistance/backing/store.hpp>

#include "backing/redis/directory.hpp"
#include "backing/redis/script.hpp"
#include "backing/redis/verdict.hpp"

namespace persistance::redis {

/// One command about one key, or several keys of one slot.
struct Command {
  std::string wire;
  char expected = expects::bulk;
  Access access = Access::read;
  std::uint16_t slot = 0;
  NodePtr at;           ///< Null: whoever owns the slot.
  bool asking = false;  ///< `at` serves it this once.
  bool pinned = false;  ///< Only `at` can serve it.
  bool primaryOnly = false;
  std::size_t hops = 0;            ///< Redirects that it followed.
  std::size_t losses = 0;          ///< Connections that went after it was sent.
  const Script* script = nullptr;  ///< That `wire` calls by its hash.
  Reply reply;                     ///< No error, once the command is done.
};

/// Told when the last coroutine of the client is gone.
struct Ending {
  std::atomic<bool> over = false;
  Waiters waiters;
};

/// All stores of one layer, over the connections that they share.
///
/// @par Threads  Any number of operations at once, from any thread and any execution context; each
///               resumes on its own executor. The connections live in the context of open().
class Client : public std::enable_shared_from_this<Client> {
 public:
  explicit Client(std::shared_ptr<const Settings> settings);

  /// @par Errors  std::invalid_argument for options that make no sense; backing::Failure where no
  ///              server serves and `start` is failFast.
  [[nodiscard]] static asio::awaitable<std::shared_ptr<Client>> open(RedisOptions options);

  [[nodiscard]] std::shared_ptr<backing::Store> store(std::string storeId);

  /// New operations fail as closed at once; those that run have closeTimeout to end, then they
  /// fail. Returns when all coroutines of the client have ended. Any number of times.
  [[nodiscard]] asio::awaitable<void> close();

  /// Runs one command, which is in `request`, within operationTimeout; a bulk that comes back goes
  /// to `sink`. In the usual case this is one request and one wait.
  [[nodiscard]] asio::awaitable<void> run(RequestPtr request, Access access, std::uint16_t slot,
                                          backing::Sink* sink = nullptr);

  /// Runs one command, or all of them as one: scattered over nodes, gathered in place.
  /// @par Errors  backing::Failure: the first command that failed says why; others may have been
  ///              applied.
  [[nodiscard]] asio::awaitable<void> run(std::span<Command> commands, Clock::time_point deadline);

  /// Who owns what, learnt first where it is not known.
  [[nodiscard]] asio::awaitable<std::shared_ptr<const Routing>> routing(Clock::time_point deadline);
  [[nodiscard]] std::shared_ptr<const Routing> knownRouting() const {
    return directory_->routing();
  }

  [[nodiscard]] const Settings& settings() const noexcept { return *settings_; }
  [[nodiscard]] bool closing() const noexcept { return closing_; }

 private:
  struct Flight;
  class Running;

  [[nodiscard]] asio::awaitable<void> follow(std::vector<Flight> flights,
                                             std::shared_ptr<const Routing> known,
                                             Clock::time_point deadline);
  [[nodiscard]] asio::awaitable<NodePtr> resolve(const Address& address,
                                                 Clock::time_point deadline);
  [[nodiscard]] NodePtr place(const Command& command, const Routing& routing);
  [[nodiscard]] std::vector<Flight> launch(std::span<Command* const> commands,
                                           const Routing& routing,
                                           const asio::any_io_executor& executor,
                                           Clock::time_point deadline);
  void prepare(Flight& flight, Clock::time_point deadline) const;
  [[nodiscard]] Verdict judgeOne(Flight& flight, std::size_t index, std::size_t& reply,
                                 bool cluster) const;
  void checkWait(const Flight& flight) const;

  const std::shared_ptr<const Settings> settings_;
  const std::shared_ptr<Directory> directory_;
  std::atomic<bool> closing_ = false;
  std::atomic<std::size_t> running_ = 0;
  std::atomic<unsigned> turn_ = 0;  // whose turn it is among replicas
  Waiters idle_;                    // for running_ to reach zero
  std::shared_ptr<Ending> ending_;
};

}  // namespace persistance::redis
