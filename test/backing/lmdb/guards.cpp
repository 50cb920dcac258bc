// What is refused at opening.

#include <doctest/doctest.h>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <fstream>

#include "process.hpp"
#include "support.hpp"

using namespace persistance;
using namespace persistance::test;
using namespace std::chrono_literals;

TEST_SUITE("lmdb guards") {
  TEST_CASE("must exist, must create") {
    Fixture f;
    f.options.open = LmdbOpen::mustExist;
    CHECK(openingFails(f) == BackingErrc::unavailable);
    CHECK_FALSE(std::filesystem::exists(f.directory.data()));
    f.options.open = LmdbOpen::mustCreate;
    CHECK_FALSE(openingFails(f));
    CHECK(openingFails(f) == BackingErrc::alreadyExists);
    f.options.open = LmdbOpen::mustExist;
    CHECK_FALSE(openingFails(f));
  }

  TEST_CASE("D11: a second opening in this process is refused, under any name") {
    Fixture f;
    f.open();
    CHECK(openingFails(f) == BackingErrc::alreadyOpen);
    Directory elsewhere;
    Fixture linked;
    std::filesystem::create_directory_symlink(f.directory.path(), elsewhere.path() / "link");
    linked.options.path = elsewhere.path() / "link";
    CHECK(openingFails(linked) == BackingErrc::alreadyOpen);
    std::filesystem::create_hard_link(f.directory.data(), elsewhere.path() / "data.mdb");
    linked.options.path = elsewhere.path();
    CHECK(openingFails(linked) == BackingErrc::alreadyOpen);
    run([&]() -> asio::awaitable<void> { co_await f.client().set("k", "v"); });
    f.database.reset();
    CHECK_FALSE(openingFails(f));
  }

  TEST_CASE("D12: a directory that cannot be used is refused with its reason") {
    Fixture f;
    f.options.path = f.directory.path() / "no" / "such";
    CHECK(openingFails(f) == BackingErrc::unavailable);
    f.options.path = f.directory.path() / "made";
    CHECK_FALSE(openingFails(f));
    std::filesystem::create_directories(f.directory.path() / "odd" / "data.mdb");
    f.options.path = f.directory.path() / "odd";
    CHECK(openingFails(f) == BackingErrc::unavailable);
    std::ofstream(f.directory.path() / "file") << "x";
    f.options.path = f.directory.path() / "file";
    CHECK(openingFails(f) == BackingErrc::unavailable);
  }

  TEST_CASE("D12: without the right to write it is read-only, without any it is unavailable") {
    if (::getuid() != 0) {
      MESSAGE("skipped: only root can become nobody");
      return;
    }
    Fixture f;
    fill(f, 10);
    ::chmod(f.directory.path().c_str(), 0755);
    const auto codeAsNobody = [&] {
      return inChild([&] { return static_cast<int>(openingFails(f).value_or(BackingErrc(90))); },
                     true);
    };
    CHECK(codeAsNobody() == static_cast<int>(BackingErrc::readOnly));
    ::chmod(f.directory.data().c_str(), 0600);
    CHECK(codeAsNobody() == static_cast<int>(BackingErrc::unavailable));
    ::chmod(f.directory.path().c_str(), 0700);
    CHECK(codeAsNobody() == static_cast<int>(BackingErrc::unavailable));
  }

  TEST_CASE("an LMDB environment of another program, or of a later format, is refused as such") {
    Fixture f;
    {
      const auto env = lmdb::openHandle(f.directory.path(), 1 << 20);
      MDB_txn* txn = nullptr;
      MDB_dbi dbi = 0;
      lmdb::check(mdb_txn_begin(env.get(), nullptr, 0, &txn), "begin");
      lmdb::check(mdb_dbi_open(txn, nullptr, 0, &dbi), "open");
      lmdb::check(mdb_txn_commit(txn), "commit");
    }
    CHECK(openingFails(f) == BackingErrc::wrongType);
    Fixture later;
    fill(later, 1);
    {
      const auto env = lmdb::openHandle(later.directory.path(), 1 << 20);
      MDB_txn* txn = nullptr;
      MDB_dbi dbi = 0;
      lmdb::check(mdb_txn_begin(env.get(), nullptr, 0, &txn), "begin");
      lmdb::check(mdb_dbi_open(txn, nullptr, 0, &dbi), "open");
      lmdb::Identity identity;
      identity.format = lmdb::formatNumber + 1;
      lmdb::putMeta(txn, dbi, lmdb::identityName, lmdb::encodeIdentity(identity));
      lmdb::check(mdb_txn_commit(txn), "commit");
    }
    CHECK(openingFails(later) == BackingErrc::wrongType);
  }
}
