#include "backing/redis/review.hpp"

#include "backing/redis/dispatch.hpp"

namespace persistance::backing::redis {
namespace {

Decision decideOn(const Command& command, const Settings& settings, const Routing& routing) {
  Situation situation;
  situation.access = command.access;
  situation.cluster = routing.cluster && !command.pinned;
  situation.redirects = (routing.cluster || routing.undecided) && !command.pinned;
  situation.redirectLimit = settings.options.redirectLimit;
  situation.secret = settings.password;
  if (command.node) situation.host = command.node->address.host;
  situation.attempts = command.attempts;
  const Request& request = *command.request;
  if (request.refusal) return decide(situation, *request.refusal);
  if (command.errorIsReply) return Decision();
  return decide(situation, request.replies[command.answer]);
}

/// A node that applied nothing is not asked how many replicas have it: that of a write which was
/// redirected tells nothing.
bool shortOfReplicas(const Command& command, const RedisOptions& options) {
  return command.access == Access::write && !replicated(*command.request, options);
}

Refusal tooFewReplicas() {
  return Refusal(BackingErrc::unknownOutcome, true,
                 "applied by the primary, but not by as many replicas as were asked for in time");
}

}  // namespace

Review review(std::span<Command* const> commands, const Settings& settings,
              const Routing& routing) {
  Review round;
  bool unreplicated = false;
  for (Command* command : commands) {
    Decision decision = decideOn(*command, settings, routing);
    command->attempts = decision.attempts;
    if (decision.next == Next::done) {
      unreplicated = unreplicated || shortOfReplicas(*command, settings.options);
      command->reply = std::move(command->request->replies[command->answer]);
      continue;
    }
    round.learn = round.learn || decision.learn;
    round.pause = round.pause || decision.pause;
    if (decision.next == Next::fail) {
      if (!round.failure) round.failure = Refusal(decision.code, false, decision.detail);
      continue;
    }
    if (decision.next == Next::sendSource) command->script->useSource(command->wire);
    round.again.emplace_back(command, std::move(decision));
  }
  if (!round.failure && unreplicated) round.failure = tooFewReplicas();
  return round;
}

}  // namespace persistance::backing::redis
