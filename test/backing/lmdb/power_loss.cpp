// D5: the power fails. What was written and not yet synced may be on the disk or not, in any order,
// in pieces of a sector. Every such state opens, and stands at what was acknowledged or later.

#include <doctest/doctest.h>

#include <cstring>
#include <fstream>

#include "process.hpp"
#include "reopened.hpp"
#include "shim_log.hpp"

using namespace persistance;
using namespace persistance::test;

namespace {

constexpr std::size_t sector = 512;

struct LogEntry {
  LogHead head;
  std::string bytes;
};

std::string contentOf(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

std::vector<LogEntry> parse(const std::string& log) {
  std::vector<LogEntry> entries;
  for (std::size_t at = 0; at + sizeof(LogHead) <= log.size();) {
    LogEntry one;
    std::memcpy(&one.head, log.data() + at, sizeof(LogHead));
    at += sizeof(LogHead);
    one.bytes = log.substr(at, one.head.size);
    at += one.bytes.size();
    entries.push_back(std::move(one));
  }
  return entries;
}

void applyWhole(std::string& image, const LogEntry& entry) {
  const std::size_t end = entry.head.offset + entry.bytes.size();
  if (image.size() < end) image.resize(end);
  if (entry.head.kind == LogKind::write)
    std::memcpy(image.data() + entry.head.offset, entry.bytes.data(), entry.bytes.size());
}

/// Some of its sectors, each or not.
void applyTorn(std::string& image, const LogEntry& entry, std::mt19937_64& random) {
  const std::size_t end = entry.head.offset + entry.bytes.size();
  if (image.size() < end) image.resize(end);
  for (std::size_t at = entry.head.offset; at < end;) {
    const std::size_t next = std::min((at / sector + 1) * sector, end);
    if (random() % 2 == 0)
      std::memcpy(image.data() + at, entry.bytes.data() + (at - entry.head.offset), next - at);
    at = next;
  }
}

/// A disk at the moment before entry `cut`: what was synced, and what was only written.
struct Moment {
  std::string durable;
  std::vector<const LogEntry*> loose;
  std::uint64_t acknowledged = 0;
};

Moment momentBefore(std::size_t cut, const std::string& base, const std::vector<LogEntry>& log,
                    std::uint64_t acknowledged) {
  Moment moment{base, {}, acknowledged};
  for (std::size_t i = 0; i < cut; ++i) {
    const LogEntry& entry = log[i];
    switch (entry.head.kind) {
      case LogKind::write:
        // The last one was perhaps still on its way.
        if (entry.head.durable != 0 && i + 1 < cut)
          applyWhole(moment.durable, entry);
        else
          moment.loose.push_back(&entry);
        break;
      case LogKind::size: moment.loose.push_back(&entry); break;
      case LogKind::sync:
        for (const LogEntry* one : moment.loose) applyWhole(moment.durable, *one);
        moment.loose.clear();
        break;
      case LogKind::acknowledged: {
        std::uint64_t number = 0;
        std::memcpy(&number, entry.bytes.data(), sizeof number);
        moment.acknowledged = std::max(moment.acknowledged, number);
      }
    }
  }
  return moment;
}

std::string imageOf(Moment moment, std::mt19937_64& random) {
  const unsigned style = random() % 4;
  if (style != 0) std::shuffle(moment.loose.begin(), moment.loose.end(), random);
  for (const LogEntry* one : moment.loose) {
    if (style == 1 || random() % 3 == 0) continue;  // 1: all that was not synced is lost
    if (style == 3 && random() % 2 == 0)
      applyTorn(moment.durable, *one, random);
    else
      applyWhole(moment.durable, *one);
  }
  return std::move(moment.durable);
}

/// Opens the image in this process; the message says what is wrong.
std::string faultOf(const std::string& image, std::uint64_t acknowledged) {
  const Directory directory("/dev/shm");
  std::ofstream(directory.data(), std::ios::binary) << image;
  const Reopened result = reopened(directory.path());
  if (!result.standsAt) return result.wrong;
  if (*result.standsAt >= acknowledged) return {};
  return "stands at " + std::to_string(*result.standsAt) + ", acknowledged was " +
         std::to_string(acknowledged);
}

}  // namespace

TEST_SUITE("lmdb power loss") {
  TEST_CASE("D5: every state of the disk opens, and nothing acknowledged is lost") {
    if (fromBuild("LMDB_SHIM").empty()) {
      MESSAGE("skipped: a sanitizer's runtime must be the first library");
      return;
    }
    const unsigned long images = numberFrom("LMDB_POWER_IMAGES", 2000);
    MESSAGE("seed " << seedOfRun());
    const Directory directory;
    const Directory logs;
    const std::string logFile = logs.path() / "log";
    const std::uint64_t before = 20;
    const auto work = [&](std::uint64_t from, std::uint64_t count,
                          const std::vector<std::string>& environment) {
      Worker worker({fromBuild("LMDB_WORKER"), "write", directory.path(), std::to_string(from),
                     std::to_string(count)},
                    environment);
      (void)worker.numbers();
      REQUIRE(worker.status == 0);
    };
    work(1, before, {});
    const std::string base = contentOf(directory.data());
    work(before + 1, 200, {"LD_PRELOAD=" + fromBuild("LMDB_SHIM"), "SHIM_LOG=" + logFile});
    const std::vector<LogEntry> log = parse(contentOf(logFile));
    REQUIRE(log.size() > 200);
    std::mt19937_64 random(seedOfRun());
    for (unsigned long i = 0; i < images; ++i) {
      const std::size_t cut = i < log.size() ? i + 1 : random() % log.size() + 1;
      const Moment moment = momentBefore(cut, base, log, before);
      const std::string wrong = faultOf(imageOf(moment, random), moment.acknowledged);
      CAPTURE(i);
      CHECK(wrong == "");
    }
    MESSAGE(images << " images of " << log.size() << " moments");
  }
}
