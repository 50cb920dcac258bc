#include "backing/redis/decision.hpp"

#include <doctest/doctest.h>

using namespace persistance;
using namespace persistance::backing::redis;
using E = BackingErrc;

namespace {

Reply errorReply(const std::string& text) {
  Reply reply;
  reply.root.kind = ReplyKind::error;
  reply.root.length = text.size();
  reply.bytes = text;
  return reply;
}

Situation situationOf(Access access, bool cluster) {
  Situation situation;
  situation.access = access;
  situation.cluster = situation.redirects = cluster;
  situation.redirectLimit = 4;
  situation.secret = "secret";
  return situation;
}

}  // namespace

TEST_SUITE("redis decision") {
  TEST_CASE("what was not seen is tried again, a write that may have been seen is not") {
    struct Row {
      Access access;
      bool cluster;
      BackingErrc code;
      bool sent;
      Next next;
      BackingErrc result;
    };
    for (const Row& row : {
             Row{Access::write, false, E::unavailable, true, Next::fail, E::unknownOutcome},
             Row{Access::write, true, E::unavailable, true, Next::fail, E::unknownOutcome},
             Row{Access::write, true, E::timeout, true, Next::fail, E::unknownOutcome},
             Row{Access::read, false, E::unavailable, true, Next::retry, E::unavailable},
             Row{Access::read, true, E::unavailable, true, Next::retry, E::unavailable},
             Row{Access::read, false, E::timeout, true, Next::retry, E::timeout},
             Row{Access::write, false, E::unavailable, false, Next::fail, E::unavailable},
             Row{Access::write, true, E::unavailable, false, Next::retry, E::unavailable},
             Row{Access::write, false, E::timeout, false, Next::retry, E::timeout},
             Row{Access::read, true, E::overloaded, false, Next::fail, E::overloaded},
             Row{Access::read, true, E::authFailed, false, Next::fail, E::authFailed},
             Row{Access::read, true, E::closed, false, Next::fail, E::closed},
             Row{Access::read, true, E::protocol, true, Next::fail, E::protocol},
             Row{Access::write, true, E::protocol, true, Next::fail, E::protocol},
         }) {
      const Decision decision =
          decide(situationOf(row.access, row.cluster), Refusal(row.code, row.sent, "why secret"));
      CHECK(decision.next == row.next);
      CHECK(decision.code == row.result);
      CHECK(decision.detail == "why ***");
      CHECK(decision.pause == (row.next == Next::retry));
      CHECK(decision.learn == (row.next == Next::retry && row.cluster));
    }
  }

  TEST_CASE("a read that loses its connection again and again may be why it goes") {
    Situation situation = situationOf(Access::read, true);
    const Refusal lost(E::unavailable, true, "");
    for (std::size_t i = 1; i < lossLimit; ++i) {
      const Decision decision = decide(situation, lost);
      CHECK(decision.next == Next::retry);
      CHECK(decision.attempts.losses == i);
      situation.attempts = decision.attempts;
    }
    CHECK(decide(situation, lost).next == Next::fail);
    CHECK(decide(situation, Refusal(E::unavailable, false, "")).next == Next::retry);
  }

  TEST_CASE("error replies, alone and in a cluster") {
    struct Row {
      const char* text;
      Next alone;
      Next cluster;
      bool pause;
      bool learn;  // in a cluster
    };
    for (const Row& row : {
             Row{"LOADING x", Next::retry, Next::retry, true, false},
             Row{"TRYAGAIN x", Next::retry, Next::retry, true, false},
             Row{"CLUSTERDOWN x", Next::retry, Next::retry, true, true},
             Row{"MASTERDOWN x", Next::retry, Next::retry, true, true},
             Row{"READONLY x", Next::fail, Next::retry, true, true},
             Row{"MOVED 1 h:1", Next::fail, Next::redirect, false, true},
             Row{"ASK 1 h:1", Next::fail, Next::ask, false, false},
             Row{"OOM x", Next::fail, Next::fail, false, false},
         }) {
      CAPTURE(row.text);
      for (const bool cluster : {false, true}) {
        Situation situation = situationOf(Access::write, cluster);
        situation.secret = "x";
        const Decision decision = decide(situation, errorReply(row.text));
        CHECK(decision.next == (cluster ? row.cluster : row.alone));
        CHECK(decision.pause == (row.pause && decision.next != Next::fail));
        CHECK(decision.learn == (row.learn && cluster));
        CHECK(decision.detail.find('x') == std::string::npos);
      }
    }
    CHECK(decide(Situation(), Reply()).next == Next::done);
  }

  TEST_CASE("redirects: two at once, more with pauses, and no more than the limit") {
    for (const std::string word : {"MOVED", "ASK"}) {
      Situation situation = situationOf(Access::write, true);
      for (std::size_t i = 1; i <= situation.redirectLimit; ++i) {
        const Decision decision = decide(situation, errorReply(word + " 7 h:" + std::to_string(i)));
        CHECK(decision.next == (word == "ASK" ? Next::ask : Next::redirect));
        CHECK(decision.pause == (i > 2));
        CHECK(decision.address.name() == "h:" + std::to_string(i));
        CHECK(decision.attempts.redirects == i);
        situation.attempts = decision.attempts;
      }
      const Decision last = decide(situation, errorReply(word + " 7 h:1"));
      CHECK(last.next == Next::fail);
      CHECK(last.code == E::redirectLimit);
    }
  }

  TEST_CASE("a script's source is sent once") {
    Situation situation = situationOf(Access::write, false);
    CHECK(decide(situation, errorReply("NOSCRIPT x")).code == E::protocol);
    situation.attempts.sourceAvailable = true;
    const Decision decision = decide(situation, errorReply("NOSCRIPT x"));
    CHECK(decision.next == Next::sendSource);
    CHECK_FALSE(decision.pause);
    situation.attempts = decision.attempts;
    CHECK(decide(situation, errorReply("NOSCRIPT x")).next == Next::fail);
  }
}
