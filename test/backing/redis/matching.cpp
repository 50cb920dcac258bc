#include <doctest/doctest.h>

#include "backing/redis/reply_fifo.hpp"
#include "backing/redis/request_queue.hpp"

using namespace persistance;
using namespace persistance::redis;

namespace {

struct Requests {
  asio::io_context context;
  RequestPtr make(std::string wire, std::string expected, Clock::time_point deadline = {}) {
    auto request = std::make_shared<Request>(context.get_executor(), deadline);
    request->wire = std::move(wire);
    request->expected = std::move(expected);
    return request;
  }
};

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

}  // namespace

TEST_SUITE("redis matching") {
  TEST_CASE("fifo: replies belong to requests in order, several to one") {
    Requests make;
    ReplyFifo fifo;
    const auto a = make.make("a", "$");
    const auto b = make.make("b", "+$:");
    fifo.sent(a);
    fifo.sent(b);
    CHECK(fifo.answer(bulk("1")) == a);
    CHECK(a->replies[0].text() == "1");
    CHECK(fifo.answer(of(ReplyKind::status)) == nullptr);
    CHECK(fifo.answer(of(ReplyKind::nil)) == nullptr);
    CHECK(fifo.answer(of(ReplyKind::error)) == b);
    CHECK(b->replies.size() == 3);
    CHECK(fifo.empty());
  }

  TEST_CASE("fifo: a reply to nothing, and one of another type, are violations (E13, E15)") {
    Requests make;
    ReplyFifo fifo;
    CHECK_THROWS_AS(static_cast<void>(fifo.answer(bulk("x"))), ProtocolError);
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
          CHECK(one.answer(of(kind)) != nullptr);
        } else {
          CHECK_THROWS_AS(static_cast<void>(one.answer(of(kind))), ProtocolError);
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
    CHECK(fifo.answer(bulk("late")) == a);
    CHECK(a->replies[0].text() == "");
    CHECK(fifo.answer(bulk("mine")) == b);
    CHECK(b->replies[0].text() == "mine");
  }

  TEST_CASE("queue: bounded by count and bytes, of what waits and what is on its way (E20)") {
    Requests make;
    RequestQueue queue({3, 10});
    const auto a = make.make("aaaa", "$");
    const auto b = make.make("bbbb", "$");
    CHECK(queue.offer(a));
    CHECK(queue.offer(b));
    CHECK_FALSE(queue.offer(make.make("ccc", "$")));
    CHECK(queue.offer(make.make("cc", "$")));
    CHECK_FALSE(queue.offer(make.make("", "$")));
    std::vector<RequestPtr> batch;
    queue.take(batch, 100);
    CHECK(batch.size() == 3);
    CHECK(queue.empty());
    CHECK(queue.outstanding() == 3);
    CHECK_FALSE(queue.offer(make.make("d", "$")));
    queue.settle(*a);
    CHECK(queue.offer(make.make("dddd", "$")));
  }

  TEST_CASE("queue: one request of any size fits where nothing else is") {
    Requests make;
    RequestQueue queue({3, 10});
    const auto large = make.make(std::string(100, 'x'), "$");
    CHECK(queue.offer(large));
    CHECK_FALSE(queue.offer(make.make("a", "$")));
    std::vector<RequestPtr> batch;
    queue.take(batch, 10);
    CHECK(batch.size() == 1);
  }

  TEST_CASE("queue: the abandoned are not sent, and make room when it is needed") {
    Requests make;
    RequestQueue queue({2, 100});
    const auto a = make.make("a", "$");
    const auto b = make.make("b", "$");
    CHECK(queue.offer(a));
    CHECK(queue.offer(b));
    a->abandoned = true;
    CHECK(queue.offer(make.make("c", "$")));
    CHECK(queue.outstanding() == 2);
    b->abandoned = true;
    std::vector<RequestPtr> batch;
    queue.take(batch, 100);
    REQUIRE(batch.size() == 1);
    CHECK(batch[0]->wire == "c");
  }

  TEST_CASE("queue: a batch is cut at its size, in order") {
    Requests make;
    RequestQueue queue({10, 100});
    for (const char* wire : {"aaa", "bbb", "ccc"}) CHECK(queue.offer(make.make(wire, "$")));
    std::vector<RequestPtr> batch;
    queue.take(batch, 6);
    CHECK(batch.size() == 2);
    queue.take(batch, 1);
    CHECK(batch.size() == 3);
    CHECK(batch[2]->wire == "ccc");
  }
}
