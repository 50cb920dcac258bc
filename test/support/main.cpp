#define DOCTEST_CONFIG_IMPLEMENT
#include <doctest/doctest.h>

#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <sstream>
#include <string>

namespace {

/// The first of the commands in TEST_NEEDS that is not installed; empty where all are.
std::string missingCommand() {
  const char* needs = std::getenv("TEST_NEEDS");
  std::istringstream commands(needs == nullptr ? "" : needs);
  for (std::string command; commands >> command;) {
    if (std::system(("command -v " + command + " >/dev/null 2>&1").c_str()) != 0) return command;
  }
  return "";
}

}  // namespace

/// Runs the tests. What needs a command that is absent is skipped, visibly.
int main(int argc, char** argv) {
  const std::string missing = missingCommand();
  if (!missing.empty()) {
    std::printf("SKIPPED: %s is not installed\n", missing.c_str());
    return 77;
  }
  std::signal(SIGPIPE, SIG_DFL);  // a write to a closed socket must not end the process by itself
  return doctest::Context(argc, argv).run();
}
