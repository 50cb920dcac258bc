#include "backing/redis/clear.hpp"

#include "backing/redis/pieces.hpp"
#include "backing/redis/walk.hpp"

namespace persistance::backing::redis {

/// What a step found is removed before the next. So once every slot is covered, nothing is left of
/// what was there when clear began, wherever it was.
asio::awaitable<void> clear(std::shared_ptr<Client> client, std::string names) {
  const RedisOptions& options = client->settings().options;
  const auto deadline = Clock::now() + options.clearDeadline;
  Walk walk(client, std::move(names));
  Position position;
  while (position.next()) {
    Walk::Step step = co_await walk.step(position, keysPerStep(options), deadline);
    const auto routing = co_await client->routing(deadline);
    std::vector<Command> commands = removalOf({}, step.names, routing->cluster);
    const auto soon = std::min(deadline, Clock::now() + options.deadline);
    if (!commands.empty()) co_await client->run(commands, soon);
    if (Clock::now() >= deadline) throw Failure(BackingErrc::timeout, "clear");
    position = std::move(step.after);
  }
}

}  // namespace persistance::backing::redis
