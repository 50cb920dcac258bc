// D6 D7 D9: system calls that fail, at each call in turn; bytes that change in the file.

#include <doctest/doctest.h>

#include <fstream>

#include "process.hpp"
#include "reopened.hpp"

using namespace persistance;
using namespace persistance::test;

namespace {

struct Fault {
  std::string call;
  std::string what;
};

/// Runs the worker with the nth call failing; false: there was no such call any more.
bool survives(const Fault& fault, int nth, bool forEver) {
  const Directory directory;
  const Directory marks;
  const std::string hit = marks.path() / "hit";
  Worker worker({fromBuild("LMDB_WORKER"), "survive", directory.path()},
                {"LD_PRELOAD=" + fromBuild("LMDB_SHIM"), "SHIM_HIT=" + hit,
                 "SHIM_FAULT=" + fault.call + ":" + fault.what + ":" + std::to_string(nth) +
                     (forEver ? ":ever" : "")});
  const auto numbers = worker.numbers();
  CHECK(worker.status == 0);
  const bool wasHit = std::filesystem::exists(hit);
  if (!std::filesystem::exists(directory.data())) {
    CHECK(numbers.empty());
    return wasHit;
  }
  const Reopened result = reopened(directory.path());
  INFO(result.wrong);
  REQUIRE(result.standsAt);
  CHECK(*result.standsAt >= (numbers.empty() ? 0 : numbers.back()));
  if (!wasHit) CHECK(numbers.size() == 24);
  return wasHit;
}

/// What reading everything of a damaged file does: 0, or the signal that it dies of.
int readDamaged(const std::filesystem::path& directory) {
  const pid_t child = ::fork();
  if (child == 0) {
    for (const int one : {SIGSEGV, SIGBUS, SIGABRT, SIGFPE, SIGILL}) ::signal(one, SIG_DFL);
    (void)reopened(directory);
    ::_exit(0);
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  return WIFSIGNALED(status) ? WTERMSIG(status) : 0;
}

}  // namespace

TEST_SUITE("lmdb faults") {
  TEST_CASE("D6 D7: each call fails, once and for ever, up to the first clean run") {
    if (fromBuild("LMDB_SHIM").empty()) {
      MESSAGE("skipped: a sanitizer's runtime must be the first library");
      return;
    }
    const Fault faults[] = {{"write", "EIO"},   {"write", "ENOSPC"}, {"write", "short"},
                            {"write", "EINTR"}, {"sync", "EIO"},     {"sync", "ENOSPC"},
                            {"size", "EIO"},    {"size", "ENOSPC"},  {"size", "EINTR"}};
    int points = 0;
    for (const Fault& fault : faults)
      for (const bool forEver : {false, true}) {
        if (forEver && fault.what == "EINTR") continue;  // no system does that
        for (int nth = 1;; ++nth) {
          CAPTURE(fault.call);
          CAPTURE(fault.what);
          CAPTURE(forEver);
          CAPTURE(nth);
          if (!survives(fault, nth, forEver)) break;
          ++points;
        }
      }
    MESSAGE(points << " calls failed");
    CHECK(points > 200);
  }

  TEST_CASE("D9: bytes that change in the file never bring the process down") {
    const unsigned long images = numberFrom("LMDB_FLIP_IMAGES", 300);
    std::mt19937_64 random(seedOfRun());
    MESSAGE("seed " << seedOfRun());
    const Directory directory;
    {
      Worker worker({fromBuild("LMDB_WORKER"), "write", directory.path(), "1", "300"}, {});
      (void)worker.numbers();
      REQUIRE(worker.status == 0);
    }
    std::ifstream in(directory.data(), std::ios::binary);
    const std::string whole((std::istreambuf_iterator<char>(in)), {});
    std::map<int, int> signals;
    for (unsigned long i = 0; i < images; ++i) {
      std::string damaged = whole;
      for (unsigned long flips = 1 + random() % 20; flips > 0; --flips) {
        const std::size_t at = random() % damaged.size();
        damaged[at] = static_cast<char>(damaged[at] ^ (1 << (random() % 8)));
      }
      const Directory broken;
      std::ofstream(broken.data(), std::ios::binary) << damaged;
      ++signals[readDamaged(broken.path())];
    }
    for (const auto& [number, count] : signals)
      MESSAGE(count << " of " << images << " ended with signal " << number);
    CHECK(signals[0] == static_cast<int>(images));
  }
}
