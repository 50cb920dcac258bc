#include "backing/redis/server_error.hpp"

#include <doctest/doctest.h>

using namespace persistance;
using namespace persistance::backing::redis;

TEST_SUITE("redis server error") {
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
             Row{"ERR max number of clients reached", ErrorKind::busy, BackingErrc::unavailable},
             Row{"NOREPLICAS Not enough good replicas", ErrorKind::busy, BackingErrc::unavailable},
             Row{"LOADING Redis is loading", ErrorKind::busy, BackingErrc::unavailable},
             Row{"BUSY Redis is busy running a script", ErrorKind::busy, BackingErrc::unavailable},
             Row{"TRYAGAIN Multiple keys request", ErrorKind::busy, BackingErrc::unavailable},
             Row{"CLUSTERDOWN The cluster is down", ErrorKind::wrongNode, BackingErrc::unavailable},
             Row{"NOSCRIPT No matching script", ErrorKind::noScript, BackingErrc::timeout},
             Row{"MASTERDOWN Link with MASTER is down", ErrorKind::wrongNode,
                 BackingErrc::unavailable},
             Row{"READONLY You can't write", ErrorKind::wrongNode, BackingErrc::readOnly},
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
}
