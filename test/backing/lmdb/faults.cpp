// D6 D7: system calls that fail, at each call in turn.

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
}
