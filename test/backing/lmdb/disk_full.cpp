// D1: a disk of one mebibyte, full. A program of its own, because it must be allowed to mount.

#include "process.hpp"
#include "support.hpp"

#include <sys/mount.h>

#include <cstdio>
#include <fstream>

using namespace persistance;
using namespace persistance::test;

namespace {

int failures = 0;

void expect(bool good, const char* what) {
  if (good) return;
  std::printf("FAILED: %s\n", what);
  ++failures;
}

class SmallDisk {
 public:
  explicit SmallDisk(const std::filesystem::path& path) : path_(path) {
    mounted_ = ::mount("none", path_.c_str(), "tmpfs", 0, "size=1m") == 0;
  }
  ~SmallDisk() {
    if (mounted_) ::umount(path_.c_str());
  }
  bool mounted() const { return mounted_; }

 private:
  std::filesystem::path path_;
  bool mounted_ = false;
};

/// Writes until there is no room; gives how many were acknowledged.
asio::awaitable<int> fill(Client store, std::size_t size) {
  for (int n = 0;; ++n) {
    const std::string key = "k" + std::to_string(n);
    auto writing = store.set(key, std::string(size, 'v'));
    const auto code = co_await codeOf(std::move(writing));
    if (!code) continue;
    expect(code == BackingErrc::full, "the code is full");
    expect(!(co_await store.get(key)).has_value(), "what failed is not there");
    co_return n;
  }
}

asio::awaitable<void> expectAll(Client store, int count) {
  int there = 0;
  for (int n = 0; n < count; ++n)
    if ((co_await store.get("k" + std::to_string(n))).has_value()) ++there;
  expect(there == count, "all that was acknowledged is readable");
}

/// Opens with room left, fills, deletes, writes again; then with a file that takes the room.
void tryOn(const std::filesystem::path& disk, std::size_t size) {
  LmdbOptions options(disk / "store");
  lmdb::Internals internals;
  internals.firstMap = 128 << 10;
  auto database = std::make_unique<lmdb::Database>(options, internals);
  int written = 0;
  run([&]() -> asio::awaitable<void> {
    const Client store(database->store("s"));
    written = co_await fill(store, size);
    std::printf("values of %zu bytes: %d fit\n", size, written);
    expect(written > 0, "something fits");
    co_await expectAll(store, written);
    for (int n = 0; n < written; n += 2) co_await store.remove("k" + std::to_string(n));
    co_await store.set("small", "v");
    co_await store.clear();
    co_await store.set("k0", std::string(size, 'v'));
  });
  database.reset();
  database = std::make_unique<lmdb::Database>(options, internals);
  run([&]() -> asio::awaitable<void> { co_await expectAll(Client(database->store("s")), 1); });
}

/// The room comes back while the store is open.
void recover(const std::filesystem::path& disk) {
  std::ofstream(disk / "ballast") << std::string(600 << 10, 'b');
  lmdb::Internals internals;
  internals.firstMap = 128 << 10;
  lmdb::Database database{LmdbOptions(disk / "recovers"), internals};
  run([&]() -> asio::awaitable<void> {
    const Client store(database.store("s"));
    const int written = co_await fill(store, 1000);
    std::filesystem::remove(disk / "ballast");
    co_await store.set("k" + std::to_string(written), "v");
    co_await expectAll(store, written + 1);
  });
}

void tooSmallToOpen(const std::filesystem::path& disk) {
  std::ofstream(disk / "ballast") << std::string((1 << 20) - (48 << 10), 'b');
  expect(
      codeOfCall([&] { lmdb::Database database{LmdbOptions(disk / "none")}; }) == BackingErrc::full,
      "a disk without room is full when the store is made");
  std::filesystem::remove(disk / "ballast");
  lmdb::Database database{LmdbOptions(disk / "none"), [] {
                            lmdb::Internals internals;
                            internals.firstMap = 128 << 10;
                            return internals;
                          }()};
}

/// Whatever room is left, opening is full or goes well; LMDB's lock file is no exception.
void openWithAnyRoom(const std::filesystem::path& disk, bool exists) {
  lmdb::Internals internals;
  internals.firstMap = 128 << 10;
  const LmdbOptions options(disk / "store");
  for (std::size_t left = 0; left <= 40 << 10; left += 4 << 10) {
    std::filesystem::remove_all(disk / "store");
    if (exists) {
      {
        lmdb::Database database{options, internals};
      }
      std::filesystem::remove(disk / "store" / "lock.mdb");  // as a restored backup is
    }
    const auto room = std::filesystem::space(disk).available;
    std::ofstream(disk / "ballast") << std::string(room - left, 'b');
    const int status = inChild([&] {
      const auto code = codeOfCall([&] { lmdb::Database database{options, internals}; });
      return !code || code == BackingErrc::full ? 0 : 1;
    });
    if (status != 0) std::printf("%zu bytes left: %d\n", left, status);
    expect(status == 0, "opening on a full disk is full or goes well");
    std::filesystem::remove(disk / "ballast");
  }
}

}  // namespace

int main() {
  const Directory directory;
  for (const std::size_t size : {100u, 5000u, 100000u}) {
    const SmallDisk disk(directory.path());
    if (!disk.mounted()) {
      std::printf("skipped: only root can mount a small disk\n");
      return 77;
    }
    tryOn(directory.path(), size);
  }
  {
    const SmallDisk disk(directory.path());
    recover(directory.path());
  }
  {
    const SmallDisk disk(directory.path());
    tooSmallToOpen(directory.path());
  }
  for (const bool exists : {false, true}) {
    const SmallDisk disk(directory.path());
    openWithAnyRoom(directory.path(), exists);
  }
  return failures == 0 ? 0 : 1;
}
