#define DOCTEST_CONFIG_IMPLEMENT
#include <doctest/doctest.h>

#include <cstdio>
#include <cstring>

#include "support/server.hpp"

/// Suites named "redis-real-..." need redis-server, and the one of TLS the openssl command; where it
/// is absent they are skipped, visibly.
int main(int argc, char** argv) {
  for (int i = 1; i < argc; ++i) {
    if (std::strstr(argv[i], "redis-real") != nullptr && !persistance::test::haveRedis()) {
      std::puts("SKIPPED: redis-server is not installed (apt-get install redis-server)");
      return 77;
    }
  }
  for (int i = 1; i < argc; ++i) {
    if (std::strstr(argv[i], "redis-real-tls") != nullptr && !persistance::test::haveOpenssl()) {
      std::puts("SKIPPED: the openssl command is not installed (apt-get install openssl)");
      return 77;
    }
  }
  std::signal(SIGPIPE, SIG_DFL);  // a write to a closed socket must not end the process by itself
  return doctest::Context(argc, argv).run();
}
