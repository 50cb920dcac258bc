// Files of each released format.

#include "backing/lmdb/verify.hpp"
#include "support.hpp"

#include <doctest/doctest.h>

using namespace persistance;
using namespace persistance::test;
using namespace std::chrono_literals;

namespace {

LmdbReport reportOf(Fixture& f) {
  if (!f.database) f.open();
  LmdbReport report;
  run([&]() -> asio::awaitable<void> { report = co_await lmdb::verify(f.database->file()); });
  return report;
}

}  // namespace

TEST_SUITE("lmdb golden") {
  TEST_CASE("a file of format 1 opens, is sound, and has what was written into it") {
    Fixture f;
    std::filesystem::copy_file(PERSISTANCE_GOLDEN "/lmdb_format_1.mdb", f.directory.data());
    std::filesystem::permissions(f.directory.data(), std::filesystem::perms::owner_write,
                                 std::filesystem::perm_options::add);
    f.options.open = LmdbOpen::mustExist;
    const LmdbReport report = reportOf(f);
    CHECK(report.sound());
    CHECK(report.records == 5);
    CHECK(report.expired == 1);
    run([&]() -> asio::awaitable<void> {
      const Client store = f.client("store");
      CHECK(co_await store.get("whole") == "as it is");
      CHECK(co_await store.get(std::string(1000, 'l')) == "under a digest");
      CHECK(co_await store.get("large") == std::string(5000, 'v'));
      CHECK(co_await f.client("other:store").get("") == "of nothing");
      CHECK(co_await store.get("expired") == std::nullopt);
      co_await store.set("whole", "written anew");
      CHECK(co_await store.get("whole") == "written anew");
    });
  }
}
