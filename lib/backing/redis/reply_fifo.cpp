#include "backing/redis/reply_fifo.hpp"

#include <algorithm>

namespace persistance::backing::redis {
namespace {

bool fits(char expected, ReplyKind kind) {
  switch (kind) {
    case ReplyKind::error: return true;
    case ReplyKind::status: return expected == expects::status;
    case ReplyKind::integer: return expected == expects::integer;
    case ReplyKind::array: return expected == expects::array;
    case ReplyKind::bulk:
    case ReplyKind::nil: return expected == expects::bulk;
  }
  return false;
}

}  // namespace

RequestPtr ReplyFifo::arrived() {
  if (requests_.empty()) throw ProtocolError("a reply to nothing that was asked");
  Request& request = *requests_.front();
  if (!fits(request.expected[request.replies.size()], place().kind())) {
    throw ProtocolError("a reply of another type than the command has");
  }
  if (direct()) {
    request.replies.firstCame();
  } else {
    // The place is taken even if nobody waits: it tells which reply is next.
    Reply reply = std::exchange(spare_, Reply());
    request.replies.push_back(request.finished ? Reply() : std::move(reply));
  }
  if (request.replies.size() < request.expected.size()) return nullptr;
  RequestPtr complete = std::move(requests_.front());
  requests_.pop_front();
  return complete;
}

std::vector<RequestPtr> ReplyFifo::expire(Clock::time_point now) {
  std::vector<RequestPtr> due;
  for (const RequestPtr& request : requests_) {
    if (!request->finished && request->deadline <= now) due.push_back(request);
  }
  return due;
}

Clock::time_point ReplyFifo::nextDeadline() const {
  auto next = Clock::time_point::max();
  for (const RequestPtr& request : requests_) {
    if (!request->finished) next = std::min(next, request->deadline);
  }
  return next;
}

}  // namespace persistance::backing::redis
