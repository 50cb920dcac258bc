#include "backing/redis/decision.hpp"

namespace persistance::backing::redis {
namespace {

/// Two nodes that point to each other are about to agree: from here on they are given time for it.
constexpr std::size_t redirectsWithoutPause = 2;

Decision failed(Decision decision, BackingErrc code) {
  decision.next = Next::fail;
  decision.pause = decision.learn = false;
  decision.code = code;
  return decision;
}

Decision retry(Decision decision, bool learn) {
  decision.next = Next::retry;
  decision.pause = true;
  decision.learn = learn;
  return decision;
}

Decision redirected(Decision decision, ServerError error, const Situation& situation) {
  if (!situation.redirects) {
    decision.detail = "the server is part of a cluster, and the options say that it is not";
    return failed(std::move(decision), BackingErrc::protocol);
  }
  if (++decision.attempts.redirects > situation.redirectLimit) {
    return failed(std::move(decision), BackingErrc::redirectLimit);
  }
  const bool moved = error.kind == ErrorKind::moved;
  decision.next = moved ? Next::redirect : Next::ask;
  decision.pause = decision.attempts.redirects > redirectsWithoutPause;
  decision.learn = moved;
  decision.address = std::move(error.address);
  return decision;
}

Decision withSource(Decision decision) {
  // A server that was sent the source and does not know the script is none that we understand.
  if (!decision.attempts.sourceAvailable) return failed(std::move(decision), BackingErrc::protocol);
  decision.attempts.sourceAvailable = false;
  decision.next = Next::sendSource;
  return decision;
}

}  // namespace

Decision decide(const Situation& situation, const Refusal& refusal) {
  Decision decision;
  decision.attempts = situation.attempts;
  decision.code = refusal.code;
  decision.detail = quoted(refusal.detail, situation.secret);
  const bool lost = refusal.code == BackingErrc::unavailable;
  const bool late = refusal.code == BackingErrc::timeout;
  if (!lost && !late) return failed(std::move(decision), refusal.code);
  if (refusal.sent && situation.access == Access::write) {
    return failed(std::move(decision), BackingErrc::unknownOutcome);
  }
  if (refusal.sent && ++decision.attempts.losses >= lossLimit) {
    return failed(std::move(decision), refusal.code);
  }
  // In a cluster a replica may be about to take over. Alone, a server that is known to be down is
  // not worth waiting for.
  if (!situation.cluster && lost && !refusal.sent) return failed(std::move(decision), refusal.code);
  return retry(std::move(decision), situation.cluster);
}

Decision decide(const Situation& situation, const Reply& reply) {
  Decision decision;
  decision.attempts = situation.attempts;
  if (reply.kind() != ReplyKind::error) return decision;
  ServerError error = readServerError(reply.text(), situation.host);
  decision.code = error.code;
  decision.detail = quoted(reply.text(), situation.secret);
  switch (error.kind) {
    case ErrorKind::final: return failed(std::move(decision), error.code);
    case ErrorKind::busy: return retry(std::move(decision), false);
    case ErrorKind::noScript: return withSource(std::move(decision));
    case ErrorKind::moved:
    case ErrorKind::ask: return redirected(std::move(decision), std::move(error), situation);
    case ErrorKind::wrongNode: break;
  }
  // Alone, a server that is read-only stays so; a cluster will have another primary.
  if (!situation.cluster && error.code == BackingErrc::readOnly) {
    return failed(std::move(decision), error.code);
  }
  return retry(std::move(decision), situation.cluster);
}

}  // namespace persistance::backing::redis
