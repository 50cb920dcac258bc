// D8 D9: files that were cut or changed are corrupt, and neither empty nor the end of the process.

#include "backing/lmdb/check/metas.hpp"
#include "backing/lmdb/check/structure.hpp"
#include "process.hpp"
#include "reopened.hpp"

#include <doctest/doctest.h>

#include <fstream>

using namespace persistance;
using namespace persistance::test;

namespace {

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

/// Writes `bytes` over the beginning of each `what` that the file holds.
void overwriteEach(const std::filesystem::path& file, std::string_view what,
                   const std::string& bytes) {
  std::ifstream in(file, std::ios::binary);
  const std::string content((std::istreambuf_iterator<char>(in)), {});
  std::size_t hits = 0;
  for (std::size_t at = content.find(what); at != std::string::npos;
       at = content.find(what, at + 1), ++hits)
    overwrite(file, at, bytes);
  REQUIRE(hits > 0);
}

asio::awaitable<std::optional<BackingErrc>> codeOfGet(Client store, std::string key) {
  std::optional<BackingErrc> code;
  try {
    (void)co_await store.get(key);
  } catch (const Failure& failure) {
    code = static_cast<BackingErrc>(failure.code().value());
  }
  co_return code;
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

TEST_SUITE("lmdb damage") {
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
    const std::uint64_t list = node + lmdb::entryHeadSize + sizeof(std::size_t);
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

  TEST_CASE(
      "D9: a damaged value is repaired by set and by remove, whatever the length of its key") {
    for (const std::size_t length : {10U, 1000U})
      for (const char* what : {"VALUE", "KEY"})
        for (const bool bySet : {true, false}) {
          CAPTURE(length);
          CAPTURE(what);
          CAPTURE(bySet);
          if (length == 10 && std::string_view(what) == "KEY") continue;  // that is another key
          Fixture f;
          f.open();
          const std::string key = std::string(length - 3, 'k') + "KEY";
          run([&]() -> asio::awaitable<void> { co_await f.client().set(key, "the VALUE, long"); });
          f.database.reset();
          overwriteEach(f.directory.data(), what, "~");
          f.open();
          run([&]() -> asio::awaitable<void> {
            const Client store = f.client();
            CHECK(co_await codeOfGet(store, key) == BackingErrc::corrupt);
            if (bySet) {
              co_await store.set(key, "whole");
              CHECK(co_await store.get(key) == "whole");
            } else {
              co_await store.remove(key);
              CHECK(co_await store.get(key) == std::nullopt);
            }
            const LmdbReport report = co_await lmdb::verify(f.database->file());
            CHECK(report.sound());
          });
        }
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
