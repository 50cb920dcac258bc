// D4: killed at any time, at every step of a commit; nothing acknowledged is lost, and what was in
// doubt is whole or not there.

#include <doctest/doctest.h>

#include <thread>

#include "process.hpp"
#include "reopened.hpp"

using namespace persistance;
using namespace persistance::test;

namespace {

/// Opens what a killed process left; gives the write at which it stands.
std::uint64_t standsAt(const std::filesystem::path& directory) {
  const Reopened result = reopened(directory);
  INFO(result.wrong);
  REQUIRE(result.standsAt);
  return *result.standsAt;
}

std::vector<std::string> writeFrom(const Directory& directory, std::uint64_t from,
                                   std::uint64_t count) {
  return {fromBuild("LMDB_WORKER"), "write", directory.path(), std::to_string(from),
          std::to_string(count)};
}

std::uint64_t highest(const std::vector<std::uint64_t>& numbers) {
  return numbers.empty() ? 0 : *std::max_element(numbers.begin(), numbers.end());
}

}  // namespace

TEST_SUITE("lmdb crash") {
  TEST_CASE("D4: killed at random times") {
    const unsigned long cycles = numberFrom("LMDB_CRASH_CYCLES", 500);
    std::mt19937_64 random(seedOfRun());
    MESSAGE("seed " << seedOfRun());
    auto directory = std::make_unique<Directory>();
    std::uint64_t at = 0;
    std::uint64_t acknowledged = 0;
    std::uint64_t inDoubtPresent = 0;
    for (unsigned long cycle = 0; cycle < cycles; ++cycle) {
      if (cycle % 50 == 49) {  // begins anew, so that creating is killed too
        directory = std::make_unique<Directory>();
        at = 0;
      }
      Worker worker(writeFrom(*directory, at + 1, 1'000'000), {});
      const bool early = random() % 8 == 0;
      if (!early) REQUIRE(worker.hasSpoken(std::chrono::seconds(30)));
      std::this_thread::sleep_for(std::chrono::microseconds(random() % 15'000));
      worker.kill();
      const auto numbers = worker.numbers();
      CHECK(worker.status == -SIGKILL);
      acknowledged += numbers.size();
      if (!std::filesystem::exists(directory->data())) {
        CHECK(numbers.empty());
        continue;
      }
      const std::uint64_t found = standsAt(directory->path());
      // The writes are numbered in their order, so this is: none that was acknowledged is lost.
      REQUIRE(found >= std::max(at, highest(numbers)));
      inDoubtPresent += found - std::max(at, highest(numbers));
      at = found;
    }
    MESSAGE(cycles << " cycles, " << acknowledged << " acknowledged, 0 lost, " << inDoubtPresent
                   << " in doubt and there");
    CHECK(acknowledged > cycles);
  }

  TEST_CASE("D4: killed at each place of the writer") {
    for (const std::string place : {"before-apply", "before-commit", "after-commit"})
      for (int pass = 1; pass <= 4; ++pass) {
        CAPTURE(place);
        CAPTURE(pass);
        const Directory directory;
        Worker worker(writeFrom(directory, 1, 1000),
                      {"PERSISTANCE_FAILPOINT=" + place + ":" + std::to_string(pass)});
        const auto numbers = worker.numbers();
        CHECK(worker.status == -SIGKILL);
        CHECK(standsAt(directory.path()) >= highest(numbers));
      }
  }

  TEST_CASE("D4: killed at each call of a commit, of a growth, of a creation") {
    const std::string shim = fromBuild("LMDB_SHIM");
    if (shim.empty()) {
      MESSAGE("skipped: a sanitizer's runtime must be the first library");
      return;
    }
    int killed = 0;
    for (const std::string call : {"write", "sync", "size"})
      for (int nth = 1;; ++nth) {
        CAPTURE(call);
        CAPTURE(nth);
        const Directory directory;
        Worker worker(
            writeFrom(directory, 1, 60),
            {"LD_PRELOAD=" + shim, "SHIM_FAULT=" + call + ":kill:" + std::to_string(nth)});
        const auto numbers = worker.numbers();
        if (worker.status == 0) break;
        CHECK(worker.status == -SIGKILL);
        ++killed;
        if (std::filesystem::exists(directory.data()))
          CHECK(standsAt(directory.path()) >= highest(numbers));
        else
          CHECK(numbers.empty());
      }
    MESSAGE(killed << " kills");
    CHECK(killed > 20);
  }
}
