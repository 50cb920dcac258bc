#pragma once
/// @file
/// Learns which servers there are and which of them owns what.

#include <atomic>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "async/waiters.hpp"
#include "backing/redis/routing.hpp"

namespace persistance::backing::redis {

/// Keeps the nodes, and the routing up to date. One coroutine does it, so at most one question for
/// the slots is under way, however many operations want the answer.
///
/// @par Threads  All public members, any thread.
class Topology : public std::enable_shared_from_this<Topology> {
 public:
  explicit Topology(std::shared_ptr<const Settings> settings);

  /// Spawns the coroutine, which holds `alive` to its end. Called once, in a handler of the
  /// execution context.
  void start(const asio::any_io_executor& executor, std::shared_ptr<void> alive);

  /// Refuses all that runs in all connections, and ends all coroutines.
  void stop();

  /// Null while nothing is known.
  [[nodiscard]] std::shared_ptr<const Routing> routing() const;
  /// False: there is one connection for all slots.
  [[nodiscard]] bool slotsMatter() const noexcept { return slotsMatter_; }
  /// Null while there is none for it; want() makes one.
  [[nodiscard]] NodePtr node(const Address& address) const;
  /// Why nothing is known, or the last question failed.
  [[nodiscard]] Refusal lastFailure() const;

  /// Has the slots learnt anew.
  void refresh();
  /// Has a node made for an address that a server pointed to, if the options allow it.
  void want(const Address& address);
  /// Woken at the end of each round that serves such wishes.
  [[nodiscard]] const async::Waiters& rounds() const noexcept { return rounds_; }
  /// All servers that the options name are down: there is nobody to wait for.
  [[nodiscard]] bool allDown() const;

 private:
  struct Wishes {
    std::shared_ptr<async::Event> wake;  // null: there is something to do
    Clock::time_point until;             // when to look again at the latest
    std::vector<Address> wanted;
    bool refresh = false;
  };

  // In the coroutine.
  [[nodiscard]] static asio::awaitable<void> serve(std::shared_ptr<Topology> self,
                                                   std::shared_ptr<void> alive);
  [[nodiscard]] Wishes takeWishes(const asio::any_io_executor& strand, Clock::time_point notBefore);
  [[nodiscard]] asio::awaitable<void> learn();
  [[nodiscard]] asio::awaitable<bool> ask(NodePtr node);
  [[nodiscard]] bool understand(const NodePtr& node, const Reply& reply);
  [[nodiscard]] bool understandError(const NodePtr& node, std::string_view text);
  [[nodiscard]] std::vector<NodePtr> candidates();
  void publish(std::shared_ptr<Routing> routing);

  // Any thread.
  [[nodiscard]] NodePtr make(const Address& address);
  void wake(std::unique_lock<std::mutex> lock);
  [[nodiscard]] bool stopping() const;
  void failed(Refusal why);

  const std::shared_ptr<const Settings> settings_;
  const std::shared_ptr<Membership> membership_ = std::make_shared<Membership>();
  asio::any_io_executor executor_;  // set by start()
  std::shared_ptr<void> alive_;     // handed to each connection; dropped by stop()

  std::atomic<bool> slotsMatter_ = true;

  mutable std::mutex mutex_;
  // All below is guarded by mutex_.
  std::map<std::string, NodePtr> nodes_;
  std::shared_ptr<const Routing> routing_;
  Refusal lastFailure_;
  bool stopping_ = false;
  bool refresh_ = false;
  std::vector<Address> wanted_;
  std::shared_ptr<async::Event> wake_;  // there while the coroutine waits
  std::uint64_t seed_;
  // Up to here.
  async::Waiters rounds_;
};

}  // namespace persistance::backing::redis
