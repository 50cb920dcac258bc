#include "backing/redis/request_queue.hpp"

#include <doctest/doctest.h>

#include "support/requests.hpp"

using namespace persistance;
using namespace persistance::backing::redis;
using persistance::test::Requests;

TEST_SUITE("redis request queue") {
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
