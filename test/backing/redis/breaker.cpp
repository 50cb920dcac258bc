#include "backing/redis/breaker.hpp"

#include <doctest/doctest.h>

using namespace persistance;
using namespace persistance::backing::redis;

TEST_SUITE("redis breaker") {
  TEST_CASE("breaker: waits, then refuses, but lets one ask again now and then") {
    using Answer = Breaker::Answer;
    const auto at = [](int ms) { return Breaker::Time(std::chrono::milliseconds(ms)); };
    Breaker breaker(2);
    CHECK(breaker.admit(at(0)) == Answer::wait);
    breaker.attempt();
    breaker.failed(at(0));
    CHECK(breaker.admit(at(1)) == Answer::wait);
    breaker.attempt();
    breaker.failed(at(10));
    CHECK(breaker.open());
    CHECK(breaker.admit(at(11)) == Answer::refuse);
    CHECK(breaker.admit(at(40)) == Answer::probe);
    CHECK(breaker.admit(at(41)) == Answer::refuse);
    breaker.attempt();
    CHECK(breaker.admit(at(42)) == Answer::refuse);
    breaker.failed(at(50));
    CHECK(breaker.admit(at(80)) == Answer::probe);
    breaker.connected();
    CHECK_FALSE(breaker.open());
    CHECK(breaker.admit(at(90)) == Answer::wait);
    breaker.refused(at(100));
    CHECK(breaker.open());
    CHECK(breaker.admit(at(1000)) == Answer::refuse);
  }
}
