// What is refused at opening, and what a store does after a fork.

#include <doctest/doctest.h>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <fstream>

#include "backing/lmdb/data_file.hpp"
#include "process.hpp"
#include "support.hpp"

using namespace persistance;
using namespace persistance::test;
using namespace std::chrono_literals;

namespace {

std::optional<BackingErrc> openingFails(Fixture& f) {
  return codeOfCall([&] { lmdb::Database(f.options, f.internals); });
}

void fill(Fixture& f, int count) {
  f.open();
  run([&]() -> asio::awaitable<void> {
    std::vector<Entry> entries;
    for (int i = 0; i < count; ++i)
      entries.push_back(entry("k" + std::to_string(i), std::string(100, 'v')));
    co_await f.client().setMany(std::move(entries));
  });
  f.database.reset();
}

/// The size of what LMDB uses of its file.
std::uint64_t usedBytes(const Fixture& f) {
  const auto env = lmdb::openHandle(f.directory.path(), 1 << 20);
  MDB_envinfo info{};
  lmdb::check(mdb_env_info(env.get(), &info), "info");
  return (info.me_last_pgno + 1) * 4096;
}

void overwrite(const std::filesystem::path& file, std::uint64_t at, const std::string& bytes) {
  std::fstream stream(file, std::ios::in | std::ios::out | std::ios::binary);
  stream.seekp(static_cast<std::streamoff>(at));
  stream.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
}

}  // namespace

TEST_SUITE("lmdb guards") {
  TEST_CASE("must exist, must create") {
    Fixture f;
    f.options.open = LmdbOpen::mustExist;
    CHECK(openingFails(f) == BackingErrc::unavailable);
    CHECK_FALSE(std::filesystem::exists(f.directory.data()));
    f.options.open = LmdbOpen::mustCreate;
    CHECK_FALSE(openingFails(f));
    CHECK(openingFails(f) == BackingErrc::unavailable);
    f.options.open = LmdbOpen::mustExist;
    CHECK_FALSE(openingFails(f));
  }

  TEST_CASE("D8: a file that was cut is corrupt, never a SIGBUS and never silently empty") {
    Fixture f;
    fill(f, 2000);
    const std::uint64_t used = usedBytes(f);
    const std::uint64_t size = std::filesystem::file_size(f.directory.data());
    REQUIRE(used > 40 * 4096);
    for (const std::uint64_t cut : {std::uint64_t{0}, std::uint64_t{1}, std::uint64_t{4096},
                                    std::uint64_t{8192}, used / 2, used - 4096, used - 1}) {
      CAPTURE(cut);
      Fixture broken;
      std::filesystem::copy_file(f.directory.data(), broken.directory.data());
      std::filesystem::resize_file(broken.directory.data(), cut);
      CHECK(openingFails(broken) == BackingErrc::corrupt);
    }
    // What was cut off and not in use is no loss.
    std::filesystem::resize_file(f.directory.data(), used);
    CHECK(size >= used);
    f.open();
    run([&]() -> asio::awaitable<void> {
      CHECK((co_await f.client().get("k1999")).has_value());
      for (int i = 0; i < 50; ++i)
        co_await f.client().set("more" + std::to_string(i), std::string(5000, 'v'));
    });
  }

  TEST_CASE("D9: a damaged header is corrupt") {
    Fixture f;
    fill(f, 100);
    const std::string zeros(4096, '\0');
    std::string noise(8192, '\0');
    for (std::size_t i = 0; i < noise.size(); ++i) noise[i] = static_cast<char>(i * 37 + i / 256);
    for (const auto& [at, bytes] :
         {std::pair(0, zeros), std::pair(4096, zeros), std::pair(0, noise)}) {
      Fixture broken;
      std::filesystem::copy_file(f.directory.data(), broken.directory.data());
      overwrite(broken.directory.data(), static_cast<std::uint64_t>(at), bytes);
      CHECK(openingFails(broken) == BackingErrc::corrupt);
    }
  }

  TEST_CASE("D9: a damaged page of a large store is corrupt at opening, wherever it is") {
    Fixture f;
    fill(f, 30'000);  // deep enough to be looked at by several threads
    f.open();
    f.database.reset();
    std::ifstream in(f.directory.data(), std::ios::binary);
    const std::string file((std::istreambuf_iterator<char>(in)), {});
    const auto opensWith = [&](const std::vector<std::uint64_t>& places, const std::string& bytes) {
      for (const std::uint64_t at : places) overwrite(f.directory.data(), at, bytes);
      const auto code = openingFails(f);
      for (const std::uint64_t at : places)
        overwrite(f.directory.data(), at, file.substr(at, bytes.size()));
      if (code) CHECK(code == BackingErrc::corrupt);
      return !code;
    };
    const std::uint64_t pages = usedBytes(f) / 4096;
    REQUIRE(pages > 1000);
    const std::string lost(16, '\0');
    const std::string oneFree(2, '\1');
    int refused = 0;
    for (std::uint64_t page = 2; page < pages; page += 37) {
      CAPTURE(page);
      if (!opensWith({page * 4096}, lost)) ++refused;          // its head
      if (!opensWith({page * 4096 + 16}, oneFree)) ++refused;  // its first node's place
    }
    CHECK(refused > 0);
    // A key that is changed is out of its order.
    for (const char* key : {"k100", "k15000", "k29999"}) {
      std::vector<std::uint64_t> places;  // old ones among them
      for (std::size_t at = file.find(key); at != std::string::npos; at = file.find(key, at + 1))
        places.push_back(at);
      CHECK_FALSE(opensWith(places, "~"));
    }
    f.options.check = LmdbCheck::headers;
    CHECK_FALSE(openingFails(f));
  }

  TEST_CASE("D9: a page that is both free and in use is corrupt, before anybody writes over it") {
    Fixture f;
    fill(f, 100);
    const lmdb::Meta meta = lmdb::readNewestMeta(f.directory.data());
    const std::uint64_t leaf = meta.free.root * meta.pageSize();
    REQUIRE(meta.free.depth == 1);
    std::ifstream in(f.directory.data(), std::ios::binary);
    const std::string file((std::istreambuf_iterator<char>(in)), {});
    const lmdb::Bytes bytes = lmdb::asBytes(file);
    const auto node = leaf + lmdb::valueAt<std::uint16_t>(bytes, leaf + sizeof(lmdb::PageHead));
    const std::uint64_t list = node + lmdb::nodeHeadSize + sizeof(std::size_t);
    REQUIRE(lmdb::valueAt<lmdb::PageNumber>(bytes, list) > 0);
    lmdb::checkStructure(bytes, meta);
    lmdb::PageNumber one[2] = {1, meta.main.root};  // a count, and the page
    std::string damaged = file;
    std::memcpy(damaged.data() + list, one, sizeof one);
    CHECK(codeOfCall([&] { lmdb::checkStructure(lmdb::asBytes(damaged), meta); }) ==
          BackingErrc::corrupt);
  }

  TEST_CASE("D9: a header whose number was changed is corrupt, and never an older state") {
    Fixture f;
    fill(f, 10);
    for (const std::uint64_t slot : {0U, 1U}) {
      const std::uint64_t transaction = slot * 4096 + 16 + 24 + 2 * 48 + 8;
      for (int bit = 0; bit < 64; ++bit) {
        Fixture broken;
        std::filesystem::copy_file(f.directory.data(), broken.directory.data());
        std::ifstream in(f.directory.data(), std::ios::binary);
        in.seekg(static_cast<std::streamoff>(transaction) + bit / 8);
        const char byte = static_cast<char>(in.get() ^ (1 << bit % 8));
        overwrite(broken.directory.data(), transaction + static_cast<unsigned>(bit / 8),
                  std::string(1, byte));
        const auto code = openingFails(broken);
        CAPTURE(slot);
        CAPTURE(bit);
        CHECK(code == BackingErrc::corrupt);
      }
    }
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

  TEST_CASE("D9: a value that was damaged is corrupt, and the others are not") {
    Fixture f;
    fill(f, 100);
    f.open();
    run([&]() -> asio::awaitable<void> {
      co_await f.client().set("mark", "a very special value indeed");
    });
    f.database.reset();
    std::ifstream in(f.directory.data(), std::ios::binary);
    const std::string file((std::istreambuf_iterator<char>(in)), {});
    std::size_t hits = 0;
    for (std::size_t at = file.find("very special"); at != std::string::npos;
         at = file.find("very special", at + 1), ++hits)
      overwrite(f.directory.data(), at, "W");
    REQUIRE(hits > 0);
    f.open();
    run([&]() -> asio::awaitable<void> {
      const Client store = f.client();
      CHECK(codeOfCall([&] {
              Collector sink(1);
              const std::vector<std::string> keys{"mark"};
              (void)f.database->store("store")->read(keys, sink);
            }) == BackingErrc::corrupt);
      CHECK((co_await store.get("k7")).has_value());
      co_await store.set("mark", "whole");  // writing heals it
      CHECK(co_await store.get("mark") == "whole");
    });
  }
}
