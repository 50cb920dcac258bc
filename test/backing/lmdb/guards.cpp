// What is refused at opening.

#include "backing/lmdb/check/layout.hpp"
#include "backing/lmdb/creation.hpp"
#include "process.hpp"
#include "support.hpp"

#include <doctest/doctest.h>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstring>
#include <fstream>

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
    f.options.fileMode = std::filesystem::perms(0644);
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

  TEST_CASE("I13: what is not ours in the directory stays, and does not hinder") {
    Fixture f;
    const std::filesystem::path& directory = f.directory.path();
    const auto write = [](const std::filesystem::path& file) {
      std::filesystem::create_directories(file.parent_path());
      std::ofstream(file) << "x";
    };
    const std::filesystem::path foreign[] = {
        directory / "new" / "sub" / "f", directory / "lost+found" / "f", directory / "f",
        directory / lmdb::stagingName / "sub" / "f", directory / lmdb::stagingName / "f"};
    for (const auto& file : foreign) write(file);
    for (const auto& file :
         {directory / lmdb::stagingName / "data.mdb", directory / lmdb::stagingName / "lock.mdb"})
      write(file);  // of a process that died while it made a store
    f.open();
    run([&]() -> asio::awaitable<void> { co_await f.client().set("k", "v"); });
    for (const auto& file : foreign) CHECK(std::filesystem::exists(file));
    CHECK_FALSE(std::filesystem::exists(directory / lmdb::stagingName / "data.mdb"));
    f.reopen();
    run([&]() -> asio::awaitable<void> { CHECK(co_await f.client().get("k") == "v"); });
  }

  TEST_CASE("a directory for a new store is removed again where making the store is done") {
    Fixture f;
    f.open();
    CHECK_FALSE(std::filesystem::exists(f.directory.path() / lmdb::stagingName));
  }

  TEST_CASE("the files are for their owner alone, unless the options say otherwise") {
    const auto modeOf = [](const std::filesystem::path& file) {
      struct ::stat result{};
      REQUIRE(::stat(file.c_str(), &result) == 0);
      return result.st_mode & 0777;
    };
    const mode_t before = ::umask(022);
    Fixture f;
    f.open();
    CHECK(modeOf(f.directory.data()) == 0600);
    CHECK(modeOf(f.directory.path() / "lock.mdb") == 0600);
    Fixture shared;
    shared.options.fileMode = std::filesystem::perms(0640);
    shared.open();
    CHECK(modeOf(shared.directory.data()) == 0640);
    CHECK(modeOf(shared.directory.path() / "lock.mdb") == 0640);
    ::umask(before);
  }

  TEST_CASE("a commit interval that is not shorter than the deadline is refused") {
    Fixture f;
    f.options.deadline = 1s;
    f.options.commitInterval = 3s;
    CHECK(openingFails(f) == BackingErrc::unsupported);
    f.options.commitInterval = 1s;
    CHECK(openingFails(f) == BackingErrc::unsupported);
    f.options.commitInterval = -1ms;
    CHECK(openingFails(f) == BackingErrc::unsupported);
  }

  TEST_CASE("a file of LMDB 1.0 is refused with both versions") {
    Fixture f;
    fill(f, 1);
    // Its pages begin with a longer head.
    for (const std::size_t magicAt : {16U, 24U}) {
      std::string page(8192, '\0');
      for (const std::size_t at : {magicAt, 4096 + magicAt}) {
        const std::uint32_t head[] = {lmdb::metaMagic, 2};
        std::memcpy(page.data() + at, head, sizeof head);
      }
      std::fstream(f.directory.data(), std::ios::in | std::ios::out | std::ios::binary) << page;
      std::string words;
      try {
        f.open();
      } catch (const Failure& failure) {
        CHECK(failure.code() == BackingErrc::wrongType);
        words = failure.what();
      }
      CHECK(words.find("data version 2") != std::string::npos);
      CHECK(words.find("data version 1") != std::string::npos);
      CHECK(words.find("0.9") != std::string::npos);
    }
  }
}
