#include <doctest/doctest.h>

#include "backing/redis/backoff.hpp"
#include "backing/redis/breaker.hpp"
#include "backing/redis/reader.hpp"
#include "backing/redis/slot_map.hpp"
#include "backing/redis/verdict.hpp"

using namespace persistance;
using namespace persistance::redis;

namespace {

Reply errorReply(const std::string& text) {
  Reply reply;
  reply.root.kind = ReplyKind::error;
  reply.root.length = text.size();
  reply.bytes = text;
  return reply;
}

Reply parsed(const std::string& bytes) {
  Reader reader({100000, 1000});
  reader.feed(bytes);
  return std::move(*reader.next());
}

}  // namespace

TEST_SUITE("redis decisions") {
  TEST_CASE("server errors: every prefix has its code and what to do (E10)") {
    struct Row {
      const char* text;
      ErrorKind kind;
      BackingErrc code;
    };
    for (const Row& row : {
             Row{"NOAUTH Authentication required.", ErrorKind::final, BackingErrc::authFailed},
             Row{"WRONGPASS invalid username-password pair", ErrorKind::final,
                 BackingErrc::authFailed},
             Row{"NOPERM this user has no permissions", ErrorKind::final, BackingErrc::authFailed},
             Row{"DENIED Redis is running in protected mode", ErrorKind::final,
                 BackingErrc::authFailed},
             Row{"ERR invalid password", ErrorKind::final, BackingErrc::authFailed},
             Row{"ERR AUTH <password> called without any password", ErrorKind::final,
                 BackingErrc::authFailed},
             Row{"ERR Client sent AUTH, but no password is set", ErrorKind::final,
                 BackingErrc::authFailed},
             Row{"WRONGTYPE Operation against a key", ErrorKind::final, BackingErrc::wrongType},
             Row{"OOM command not allowed", ErrorKind::final, BackingErrc::outOfMemory},
             Row{"MISCONF Redis is configured to save", ErrorKind::final, BackingErrc::io},
             Row{"ERR string exceeds maximum allowed size (512MB)", ErrorKind::final,
                 BackingErrc::tooLarge},
             Row{"ERR Protocol error: invalid bulk length", ErrorKind::final,
                 BackingErrc::tooLarge},
             Row{"ERR max number of clients reached", ErrorKind::later, BackingErrc::unavailable},
             Row{"NOREPLICAS Not enough good replicas", ErrorKind::later, BackingErrc::unavailable},
             Row{"LOADING Redis is loading", ErrorKind::later, BackingErrc::unavailable},
             Row{"BUSY Redis is busy running a script", ErrorKind::later, BackingErrc::unavailable},
             Row{"TRYAGAIN Multiple keys request", ErrorKind::later, BackingErrc::unavailable},
             Row{"CLUSTERDOWN The cluster is down", ErrorKind::refresh, BackingErrc::unavailable},
             Row{"NOSCRIPT No matching script", ErrorKind::unknown, BackingErrc::timeout},
             Row{"MASTERDOWN Link with MASTER is down", ErrorKind::refresh,
                 BackingErrc::unavailable},
             Row{"READONLY You can't write", ErrorKind::refresh, BackingErrc::readOnly},
             Row{"MOVED 3999 127.0.0.1:6381", ErrorKind::moved, BackingErrc::redirectLimit},
             Row{"ASK 3999 127.0.0.1:6381", ErrorKind::ask, BackingErrc::redirectLimit},
             Row{"ERR unknown", ErrorKind::final, BackingErrc::protocol},
             Row{"CROSSSLOT Keys in request", ErrorKind::final, BackingErrc::protocol},
             Row{"ASKING", ErrorKind::final, BackingErrc::protocol},
             Row{"OOMPH", ErrorKind::final, BackingErrc::protocol},
             Row{"", ErrorKind::final, BackingErrc::protocol},
         }) {
      CAPTURE(row.text);
      const ServerError error = readServerError(row.text, "host");
      CHECK(error.kind == row.kind);
      CHECK(error.code == row.code);
    }
  }

  TEST_CASE("redirects: malformed ones are protocol errors (E18)") {
    CHECK(readServerError("MOVED 1 :7000", "h").address.name() == "h:7000");
    for (const char* text :
         {"MOVED", "MOVED ", "MOVED 1", "MOVED 1 ", "MOVED x h:1", "MOVED 99999 h:1",
          "MOVED 16384 h:1", "MOVED -1 h:1", "MOVED 1 h", "MOVED 1 h:0", "MOVED 1 h:70000",
          "ASK 1 h:", "MOVED 1h:1", "MOVED  1 h:1"}) {
      CAPTURE(text);
      const ServerError error = readServerError(text, "h");
      CHECK(error.kind == ErrorKind::final);
      CHECK(error.code == BackingErrc::protocol);
    }
  }

  TEST_CASE("messages: no secret, nothing unprintable, not long") {
    CHECK(quoted("ERR with args 'hunter2' hunter2", "hunter2") == "ERR with args '***' ***");
    CHECK(quoted("a\r\n\x1b[31m", "") == "a...[31m");
    CHECK(quoted(std::string(1000, 'x'), "").size() == 203);
    CHECK(quoted("***", "*") == "*********");
  }

  TEST_CASE("verdicts: what was not seen is tried again, a write that may have been is not") {
    struct Row {
      Access access;
      bool cluster;
      BackingErrc code;
      bool sent;
      Step step;
      BackingErrc result;
    };
    using E = BackingErrc;
    for (const Row& row : {
             Row{Access::write, false, E::unavailable, true, Step::fail, E::unknownOutcome},
             Row{Access::write, true, E::unavailable, true, Step::fail, E::unknownOutcome},
             Row{Access::write, true, E::timeout, true, Step::fail, E::unknownOutcome},
             Row{Access::read, false, E::unavailable, true, Step::again, E::unavailable},
             Row{Access::read, true, E::unavailable, true, Step::elsewhere, E::unavailable},
             Row{Access::read, false, E::timeout, true, Step::again, E::timeout},
             Row{Access::write, false, E::unavailable, false, Step::fail, E::unavailable},
             Row{Access::write, true, E::unavailable, false, Step::elsewhere, E::unavailable},
             Row{Access::write, false, E::timeout, false, Step::again, E::timeout},
             Row{Access::read, true, E::overloaded, false, Step::fail, E::overloaded},
             Row{Access::read, true, E::authFailed, false, Step::fail, E::authFailed},
             Row{Access::read, true, E::closed, false, Step::fail, E::closed},
             Row{Access::read, true, E::protocol, true, Step::fail, E::protocol},
             Row{Access::write, true, E::protocol, true, Step::fail, E::protocol},
         }) {
      Situation situation;
      situation.access = row.access;
      situation.cluster = row.cluster;
      const Verdict verdict = judge(situation, Refusal(row.code, row.sent, "why"));
      CHECK(verdict.step == row.step);
      CHECK(verdict.code == row.result);
      CHECK(verdict.detail == "why");
    }
  }

  TEST_CASE("verdicts: error replies, alone and in a cluster") {
    struct Row {
      const char* text;
      Step alone;
      Step cluster;
    };
    for (const Row& row : {
             Row{"LOADING x", Step::again, Step::again},
             Row{"TRYAGAIN x", Step::again, Step::again},
             Row{"CLUSTERDOWN x", Step::again, Step::elsewhere},
             Row{"MASTERDOWN x", Step::again, Step::elsewhere},
             Row{"NOSCRIPT x", Step::spellOut, Step::spellOut},
             Row{"READONLY x", Step::fail, Step::elsewhere},
             Row{"MOVED 1 h:1", Step::fail, Step::moved},
             Row{"ASK 1 h:1", Step::fail, Step::ask},
             Row{"OOM x", Step::fail, Step::fail},
         }) {
      CAPTURE(row.text);
      for (const bool cluster : {false, true}) {
        Situation situation;
        situation.cluster = cluster;
        situation.secret = "x";
        const Verdict verdict = judge(situation, errorReply(row.text));
        CHECK(verdict.step == (cluster ? row.cluster : row.alone));
        CHECK(verdict.detail.find('x') == std::string::npos);
      }
    }
    CHECK(judge(Situation(), Reply()).step == Step::done);
  }

  TEST_CASE("backoff: doubles up to the last, each from the upper half, the same for one seed") {
    using std::chrono::milliseconds;
    Backoff backoff(milliseconds(10), milliseconds(100), 42);
    Backoff same(milliseconds(10), milliseconds(100), 42);
    Backoff other(milliseconds(10), milliseconds(100), 43);
    bool differs = false;
    for (int i = 0; i < 20; ++i) {
      const auto span = std::min(milliseconds(100), milliseconds(10) * (1 << std::min(i, 10)));
      const auto next = backoff.next();
      CHECK(next <= span);
      CHECK(next * 2 >= span);
      CHECK(next == same.next());
      differs = differs || next != other.next();
    }
    CHECK(differs);
    backoff.reset();
    CHECK(backoff.next() <= milliseconds(10));
  }

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

  TEST_CASE("slots: what CLUSTER SLOTS says, with and without metadata and unknown hosts") {
    const std::string node =
        "*4\r\n$9\r\n127.0.0.1\r\n:7000\r\n$2\r\nid\r\n*2\r\n$1\r\na\r\n$1\r\nb\r\n";
    const std::string replica = "*3\r\n$0\r\n\r\n:7001\r\n$2\r\nid\r\n";
    const std::string unknown = "*3\r\n$1\r\n?\r\n:7002\r\n$2\r\nid\r\n";
    const auto ranges =
        readSlots(parsed("*2\r\n*4\r\n:0\r\n:100\r\n" + node + replica +
                         "*4\r\n:101\r\n:16383\r\n*2\r\n$-1\r\n" + ":7003\r\n" + unknown),
                  "me");
    REQUIRE(ranges.size() == 2);
    CHECK(ranges[0].last == 100);
    REQUIRE(ranges[0].nodes.size() == 2);
    CHECK(ranges[0].nodes[0].name() == "127.0.0.1:7000");
    CHECK(ranges[0].nodes[1].name() == "me:7001");
    REQUIRE(ranges[1].nodes.size() == 1);
    CHECK(ranges[1].nodes[0].name() == "me:7003");
    CHECK(readSlots(parsed("*0\r\n"), "me").empty());
    CHECK(readSlots(parsed("*1\r\n*3\r\n:0\r\n:1\r\n" + unknown), "me").empty());
  }

  TEST_CASE("slots: anything else is a protocol error, and no crash") {
    for (const char* bytes :
         {"+OK\r\n", "*1\r\n:1\r\n", "*1\r\n*2\r\n:0\r\n:16384\r\n", "*1\r\n*2\r\n:-1\r\n:5\r\n",
          "*1\r\n*2\r\n:5\r\n:4\r\n", "*1\r\n*1\r\n:5\r\n", "*1\r\n*3\r\n:0\r\n:1\r\n:7\r\n",
          "*1\r\n*3\r\n:0\r\n:1\r\n*1\r\n$1\r\nh\r\n",
          "*1\r\n*3\r\n:0\r\n:1\r\n*2\r\n$1\r\nh\r\n:65536\r\n",
          "*1\r\n*3\r\n:0\r\n:1\r\n*2\r\n:1\r\n:1\r\n", "*1\r\n*-1\r\n"}) {
      CAPTURE(bytes);
      CHECK_THROWS_AS(static_cast<void>(readSlots(parsed(bytes), "me")), ProtocolError);
    }
  }
}
