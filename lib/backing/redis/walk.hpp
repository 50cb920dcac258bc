#pragma once
/// @file
/// Goes over the names of a store step by step, and misses none that stays.

#include <memory>
#include <string>
#include <vector>

#include "backing/redis/client.hpp"
#include "backing/redis/position.hpp"

namespace persistance::backing::redis {

/// Of the server's keys that one step looks at, at most. More would hold up others' commands.
[[nodiscard]] std::size_t keysPerStep(const RedisOptions& options);

/// Names that begin with `prefix`, on all primaries in turn, wherever slots move and whoever takes
/// over meanwhile. A name that was handed out may come again.
///
/// @par Threads  Each walk in one coroutine.
class Walk {
 public:
  /// What one SCAN gave.
  struct Step {
    Position before;  ///< Its scan has begun.
    Position after;
    std::uint64_t end = 0;  ///< The cursor that it ended with.
    std::vector<std::string> names;

    explicit Step(const Position& from) : before(from) {}
  };

  Walk(std::shared_ptr<Client> client, std::string prefix);

  /// The next SCAN, which looks at about `count` keys of the server. `from` is not at the end.
  /// @par Errors  Failure: no node served the next slot by the deadline.
  [[nodiscard]] asio::awaitable<Step> step(const Position& from, std::size_t count,
                                           Clock::time_point deadline);

 private:
  /// Where a scan is made.
  struct Place {
    NodePtr node;
    NodePtr source;  ///< Where its slots come from; null: it owns them.

    explicit Place(NodePtr node_) : node(std::move(node_)) {}
  };

  [[nodiscard]] asio::awaitable<void> attempt(Step& step, std::size_t count,
                                              Clock::time_point deadline);
  [[nodiscard]] asio::awaitable<Place> start(Position& position, const Routing& routing,
                                             Clock::time_point deadline);
  [[nodiscard]] asio::awaitable<NodeView> follow(Position& position, Place& place,
                                                 Clock::time_point deadline);
  [[nodiscard]] asio::awaitable<NodeView> look(NodePtr node, bool cluster,
                                               Clock::time_point deadline);
  [[nodiscard]] asio::awaitable<NodeView> scan(NodePtr node, bool cluster, Step& step,
                                               std::size_t count, Clock::time_point deadline);

  const std::shared_ptr<Client> client_;
  const std::string prefix_;
  const std::string pattern_;
};

}  // namespace persistance::backing::redis
