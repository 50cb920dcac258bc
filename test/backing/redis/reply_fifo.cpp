#include "backing/redis/reply_fifo.hpp"

#include <doctest/doctest.h>

#include "support/requests.hpp"

using namespace persistance;
using namespace persistance::backing::redis;
using persistance::test::Requests;

namespace {

Reply bulk(const std::string& text) {
  Reply reply;
  reply.root.kind = ReplyKind::bulk;
  reply.root.length = text.size();
  reply.bytes = text;
  return reply;
}

Reply of(ReplyKind kind) {
  Reply reply;
  reply.root.kind = kind;
  return reply;
}

Clock::time_point at(int second) { return Clock::time_point(std::chrono::seconds(second)); }

RequestPtr answer(ReplyFifo& fifo, Reply reply) {
  fifo.place() = std::move(reply);
  return fifo.arrived();
}

}  // namespace

TEST_SUITE("redis reply fifo") {
  TEST_CASE("fifo: replies belong to requests in order, several to one") {
    Requests make;
    ReplyFifo fifo;
    const auto a = make.make("a", "$");
    const auto b = make.make("b", "+$:");
    fifo.sent(a);
    fifo.sent(b);
    CHECK(answer(fifo, bulk("1")) == a);
    CHECK(a->replies[0].text() == "1");
    CHECK(answer(fifo, of(ReplyKind::status)) == nullptr);
    CHECK(answer(fifo, of(ReplyKind::nil)) == nullptr);
    CHECK(answer(fifo, of(ReplyKind::error)) == b);
    CHECK(b->replies.size() == 3);
    CHECK(fifo.empty());
  }

  TEST_CASE("fifo: a reply to nothing, and one of another type, are violations (E13, E15)") {
    Requests make;
    ReplyFifo fifo;
    CHECK_THROWS_AS(static_cast<void>(answer(fifo, bulk("x"))), ProtocolError);
    struct Row {
      char expected;
      ReplyKind fits;
    };
    const ReplyKind all[] = {ReplyKind::nil,     ReplyKind::status, ReplyKind::error,
                             ReplyKind::integer, ReplyKind::bulk,   ReplyKind::array};
    for (const Row& row : {Row{'$', ReplyKind::bulk}, Row{'+', ReplyKind::status},
                           Row{':', ReplyKind::integer}, Row{'*', ReplyKind::array}}) {
      for (const ReplyKind kind : all) {
        ReplyFifo one;
        one.sent(make.make("", std::string(1, row.expected)));
        const bool fits = kind == row.fits || kind == ReplyKind::error ||
                          (row.expected == '$' && kind == ReplyKind::nil);
        if (fits) {
          CHECK(answer(one, of(kind)) != nullptr);
        } else {
          CHECK_THROWS_AS(static_cast<void>(answer(one, of(kind))), ProtocolError);
          CHECK_FALSE(one.empty());
        }
      }
    }
  }

  TEST_CASE("fifo: a request whose time is up is told once, and its late reply is drained (E4)") {
    Requests make;
    ReplyFifo fifo;
    const auto a = make.make("a", "$", at(1));
    const auto b = make.make("b", "$", at(3));
    fifo.sent(a);
    fifo.sent(b);
    CHECK(fifo.nextDeadline() == at(1));
    CHECK(fifo.expire(at(0)).empty());
    const auto due = fifo.expire(at(1));
    REQUIRE(due.size() == 1);
    CHECK(due[0] == a);
    a->finish(Refusal(BackingErrc::timeout, true, ""));
    CHECK(fifo.expire(at(2)).empty());
    CHECK(fifo.nextDeadline() == at(3));
    CHECK(answer(fifo, bulk("late")) == a);
    CHECK(a->replies[0].text() == "");
    CHECK(answer(fifo, bulk("mine")) == b);
    CHECK(b->replies[0].text() == "mine");
  }
}
