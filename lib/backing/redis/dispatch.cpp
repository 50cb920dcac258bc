#include "backing/redis/dispatch.hpp"

#include <algorithm>

#include "backing/redis/command_writer.hpp"

namespace persistance::backing::redis {
namespace {

/// What goes to one connection.
struct Parcel {
  Connection* connection;  // of `request`'s node; null: nobody serves the slot
  RequestPtr request;
  bool writes = false;

  Parcel(Connection* connection_, RequestPtr request_)
      : connection(connection_), request(std::move(request_)) {}
};

void add(Parcel& parcel, Command& command) {
  Request& request = *parcel.request;
  if (command.asking) {
    CommandWriter(request.wire).command("ASKING");
    request.expected += expects::status;
  }
  command.answer = request.expected.size();
  command.request = parcel.request;
  request.wire += command.wire;
  request.expected += command.expected;
  parcel.writes = parcel.writes || command.access == Access::write;
}

void submit(Parcel& parcel, const RedisOptions& options, Clock::time_point deadline) {
  Request& request = *parcel.request;
  auto attempt = options.commandTimeout;
  if (parcel.writes && options.waitReplicas > 0) {
    CommandWriter(request.wire)
        .command("WAIT", std::to_string(options.waitReplicas),
                 std::to_string(options.waitTimeout.count()));
    request.expected += expects::integer;
    request.waitsForReplicas = true;
    attempt += options.waitTimeout;
  }
  request.replies.reserve(request.expected.size());
  request.deadline = std::min(deadline, Clock::now() + attempt);
  if (parcel.connection != nullptr) return parcel.connection->submit(parcel.request);
  request.finish(
      Refusal(BackingErrc::unavailable, false, "no node of the cluster serves this slot"));
}

}  // namespace

NodePtr nodeFor(const Command& command, const Routing& routing, const RedisOptions& options,
                std::atomic<unsigned>& turn) {
  if (command.target) return command.target;
  const Routing::Owner* owner = routing.owner(command.slot);
  if (owner == nullptr) return nullptr;
  if (options.replicaReads && command.access == Access::read && !command.primary) {
    const unsigned first = turn++;
    for (unsigned i = 0; i < owner->replicas.size(); ++i) {
      const NodePtr& replica = owner->replicas[(first + i) % owner->replicas.size()];
      if (!replica->connection(command.slot).down()) return replica;
    }
  }
  return owner->primary;
}

void dispatch(std::span<Command* const> commands, const Routing& routing,
              const RedisOptions& options, std::atomic<unsigned>& turn,
              const asio::any_io_executor& executor, Clock::time_point deadline) {
  std::vector<Parcel> parcels;
  for (Command* command : commands) {
    command->node = nodeFor(*command, routing, options, turn);
    Connection* connection = command->node ? &command->node->connection(command->slot) : nullptr;
    auto parcel = std::find_if(parcels.begin(), parcels.end(),
                               [&](const Parcel& other) { return other.connection == connection; });
    if (parcel == parcels.end()) {
      parcel = parcels.emplace(parcels.end(), connection, makeRequest(executor, deadline));
    }
    add(*parcel, *command);
  }
  for (Parcel& parcel : parcels) submit(parcel, options, deadline);
}

bool replicated(const Request& request, const RedisOptions& options) {
  if (!request.waitsForReplicas) return true;
  const Reply& reply = request.replies.back();
  return reply.kind() == ReplyKind::integer &&
         reply.root.integer >= static_cast<std::int64_t>(options.waitReplicas);
}

}  // namespace persistance::backing::redis
