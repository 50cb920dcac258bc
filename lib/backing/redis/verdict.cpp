#include "backing/redis/verdict.hpp"

namespace persistance::redis {

Verdict judge(const Situation& situation, const Refusal& refusal) {
  Verdict verdict;
  verdict.code = refusal.code;
  verdict.detail = quoted(refusal.detail, situation.secret);
  verdict.step = Step::fail;
  const bool lost = refusal.code == BackingErrc::unavailable;
  const bool slow = refusal.code == BackingErrc::timeout;
  if (refusal.sent && situation.access == Access::write && (lost || slow)) {
    verdict.code = BackingErrc::unknownOutcome;
  } else if ((lost || slow) && situation.cluster) {
    verdict.step = Step::elsewhere;  // a replica may be about to take over
  } else if (slow || (lost && refusal.sent)) {
    verdict.step = Step::again;
  }
  return verdict;
}

Verdict judge(const Situation& situation, const Reply& reply) {
  Verdict verdict;
  if (reply.kind() != ReplyKind::error) return verdict;
  ServerError error = readServerError(reply.text(), situation.host);
  verdict.code = error.code;
  verdict.detail = quoted(reply.text(), situation.secret);
  switch (error.kind) {
    case ErrorKind::final: verdict.step = Step::fail; break;
    case ErrorKind::later: verdict.step = Step::again; break;
    case ErrorKind::unknown: verdict.step = Step::spellOut; break;
    case ErrorKind::refresh:
      // Alone, a server that is read-only stays so; a cluster will have another primary.
      verdict.step = situation.cluster                     ? Step::elsewhere
                     : error.code == BackingErrc::readOnly ? Step::fail
                                                           : Step::again;
      break;
    case ErrorKind::moved:
    case ErrorKind::ask:
      verdict.step = error.kind == ErrorKind::moved ? Step::moved : Step::ask;
      verdict.address = std::move(error.address);
      if (situation.cluster) break;
      verdict.step = Step::fail;
      verdict.code = BackingErrc::protocol;
      verdict.detail = "the server is part of a cluster, and the options say that it is not";
      break;
  }
  return verdict;
}

}  // namespace persistance::redis
