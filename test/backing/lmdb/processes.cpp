// D10 D13 D14: several processes at one store.

#include "process.hpp"
#include "reopened.hpp"

#include <doctest/doctest.h>

#include <fcntl.h>

#include <cstring>

using namespace persistance;
using namespace persistance::test;
using namespace std::chrono_literals;

namespace {

std::string numbered(const char* prefix, int i) { return prefix + std::to_string(i); }

asio::awaitable<void> writeAll(const Client& store, const char* prefix, int count) {
  for (int i = 0; i < count; ++i)
    co_await store.set(numbered(prefix, i), std::string(static_cast<std::size_t>(i), 'v'));
}

asio::awaitable<int> countAll(const Client& store, const char* prefix, int count) {
  int found = 0;
  for (int i = 0; i < count; ++i)
    found += (co_await store.get(numbered(prefix, i))).value_or("none").size() ==
             static_cast<std::size_t>(i);
  co_return found;
}

void fillOne(Fixture& f) {
  f.open();
  run([&]() -> asio::awaitable<void> { co_await f.client().set("k1", "v"); });
  f.database.reset();
}

/// Another process's view of the store, without this library.
MDB_txn* beginRaw(const lmdb::EnvironmentHandle& env, unsigned flags) {
  MDB_txn* txn = nullptr;
  lmdb::check(mdb_txn_begin(env.get(), nullptr, flags, &txn), "begin");
  return txn;
}

}  // namespace

TEST_SUITE("lmdb processes") {
  TEST_CASE("D10: two processes write and read one store at the same time") {
    Fixture f;
    fillOne(f);
    const Signal opened;
    Child other([&] {
      f.open();
      opened.set();
      int found = 0;
      run([&]() -> asio::awaitable<void> {
        const Client store = f.client();
        co_await writeAll(store, "theirs", 500);
        found = co_await countAll(store, "theirs", 500);
      });
      f.database.reset();
      return found == 500 ? 0 : 1;
    });
    REQUIRE(opened.wait());
    f.open();
    run([&]() -> asio::awaitable<void> {
      const Client store = f.client();
      co_await writeAll(store, "ours", 500);
      CHECK(co_await countAll(store, "ours", 500) == 500);
    });
    CHECK(other.status() == 0);
    run([&]() -> asio::awaitable<void> {
      CHECK(co_await countAll(f.client(), "theirs", 500) == 500);
      CHECK((co_await lmdb::verify(f.database->file())).sound());
    });
  }

  TEST_CASE("D10: a process that holds the writer's lock holds writes up, but not the io_context") {
    Fixture f;
    fillOne(f);
    const Signal locked;
    Child other([&] {
      const auto env = lmdb::openHandle(f.directory.path(), 1 << 20);
      (void)beginRaw(env, 0);
      locked.set();
      return ::pause();
    });
    REQUIRE(locked.wait());
    f.open();
    run([&]() -> asio::awaitable<void> {
      const auto executor = co_await asio::this_coro::executor;
      bool written = false;
      const Client store = f.client();
      const auto write = [&]() -> asio::awaitable<void> {
        co_await store.set("k2", "v");
        written = true;
      };
      asio::co_spawn(executor, write, asio::detached);
      asio::steady_timer timer(executor);
      for (int i = 0; i < 5; ++i) {  // the io_context lives, and so do reads
        timer.expires_after(10ms);
        co_await timer.async_wait(asio::use_awaitable);
        CHECK(co_await store.get("k1") == "v");
      }
      CHECK_FALSE(written);
      other.kill();  // with the lock in its hands
      co_await store.set("k3", "v");
      CHECK(written);
      CHECK((co_await lmdb::verify(f.database->file())).sound());
    });
  }

  TEST_CASE("D10: behind a lock that nobody gives back a write ends at its deadline") {
    Fixture f;
    fillOne(f);
    const Signal locked;
    const Child other([&] {
      const auto env = lmdb::openHandle(f.directory.path(), 1 << 20);
      (void)beginRaw(env, 0);
      locked.set();
      return ::pause();
    });
    REQUIRE(locked.wait());
    f.options.deadline = 50ms;
    f.open();
    run([&]() -> asio::awaitable<void> {
      auto writing = f.client().set("k2", "v");
      CHECK(co_await codeOf(std::move(writing)) == BackingErrc::timeout);
      other.kill();
    });
  }

  TEST_CASE("D13: the readers of a killed process are cleared away at opening") {
    Fixture f;
    fillOne(f);
    for (int round = 0; round < 3; ++round) {
      CHECK(inChild([&] {
              const auto env = lmdb::openHandle(f.directory.path(), 1 << 20);
              for (int i = 0; i < 120; ++i) {
                MDB_txn* txn = nullptr;
                lmdb::check(mdb_txn_begin(env.get(), nullptr, MDB_RDONLY, &txn), "begin");
              }
              return ::raise(SIGKILL);
            }) == -SIGKILL);
    }
    f.open();
    run([&]() -> asio::awaitable<void> { CHECK((co_await f.client().get("k1")).has_value()); });
  }

  TEST_CASE("D13: a thousand readers at once, more than LMDB has places for, are all answered") {
    Fixture f;
    fillOne(f);
    f.options.readThreads = 4;
    f.options.concurrentReads = 126;
    f.open();
    int answered = 0;
    run([&]() -> asio::awaitable<void> {
      const auto executor = co_await asio::this_coro::executor;
      const Client store = f.client();
      int left = 1000;
      asio::steady_timer done(executor, asio::steady_timer::time_point::max());
      const auto reader = [&]() -> asio::awaitable<void> {
        for (int i = 0; i < 3; ++i) answered += co_await store.get("k1") == "v";
        if (--left == 0) done.cancel();
      };
      for (int i = 0; i < 1000; ++i) asio::co_spawn(executor, reader, asio::detached);
      std::error_code ignored;
      co_await done.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
    });
    CHECK(answered == 3000);
  }

  TEST_CASE("D14: a reader of another process makes the file grow to its limit, and not further") {
    Fixture f;
    fillOne(f);
    const Signal reading;
    Child other([&] {
      const auto env = lmdb::openHandle(f.directory.path(), 1 << 20);
      (void)beginRaw(env, MDB_RDONLY);
      reading.set();
      return ::pause();
    });
    REQUIRE(reading.wait());
    f.options.mapLimit = ByteSize::mebi(4);
    f.options.sweepInterval = 1h;
    f.open();
    run([&]() -> asio::awaitable<void> {
      const Client store = f.client();
      const auto overwrite = [&]() -> asio::awaitable<std::optional<BackingErrc>> {
        std::vector<Entry> entries;
        for (int i = 0; i < 100; ++i)
          entries.push_back(entry(numbered("k", i), std::string(500, 'v')));
        auto writing = store.setMany(std::move(entries));
        co_return co_await codeOf(std::move(writing));
      };
      std::optional<BackingErrc> failure;
      for (int batch = 0; batch < 1000 && !failure; ++batch) failure = co_await overwrite();
      CHECK(failure == BackingErrc::full);
      CHECK(std::filesystem::file_size(f.directory.data()) <= 4 << 20);
      CHECK(co_await store.get("k1") == std::string(500, 'v'));
      other.kill();
      CHECK(other.status() == -SIGKILL);
      // Its pages are free again at once, without a sweep: 10^5 overwrites find room.
      for (int batch = 0; batch < 1000; ++batch)
        if (co_await overwrite()) FAIL("no room");
      CHECK(std::filesystem::file_size(f.directory.data()) <= 4 << 20);
    });
  }

  TEST_CASE("I15: a file that another process grows while it is being opened opens") {
    Fixture f;
    fillOne(f);
    f.options.deadline = 5s;
    f.internals.handleOpened = [&] {
      const int status = inChild([&] {
        const auto env = lmdb::openHandle(f.directory.path(), 64 << 20);
        MDB_txn* txn = beginRaw(env, 0);
        MDB_dbi dbi = 0;
        lmdb::check(mdb_dbi_open(txn, nullptr, 0, &dbi), "open");
        const lmdb::DatabaseKey key = lmdb::metaKey("large");
        MDB_val name = lmdb::asValue(key.bytes());
        MDB_val value{8 << 20, nullptr};
        lmdb::check(mdb_put(txn, dbi, &name, &value, MDB_RESERVE), "put");
        std::memset(value.mv_data, 0, value.mv_size);
        lmdb::check(mdb_del(txn, dbi, &name, nullptr), "del");
        lmdb::check(mdb_txn_commit(txn), "commit");
        return 0;
      });
      CHECK(status == 0);
    };
    f.open();
    run([&]() -> asio::awaitable<void> {
      CHECK(co_await f.client().get("k1") == "v");
      co_await f.client().set("k2", "v");
    });
  }

  TEST_CASE("I15: one process that checks a file does not hold up another that opens it") {
    Fixture f;
    fillOne(f);
    bool asked = false;
    f.internals.handleOpened = [&] {
      if (std::exchange(asked, true)) return;
      CHECK(inChild([&] {
              Fixture other;
              other.options.path = f.directory.path();
              other.options.deadline = 1s;
              other.open();
              return 7;
            }) == 7);
    };
    f.open();
    CHECK(asked);
  }

  TEST_CASE("I15: a fork during an opening does not keep the directory locked") {
    Fixture f;
    fillOne(f);
    std::optional<Child> child;
    f.internals.directoryLocked = [&] { child.emplace([] { return ::pause(); }); };
    f.open();
    f.database.reset();
    f.internals.directoryLocked = [] {};
    f.options.deadline = 500ms;
    CHECK_FALSE(openingFails(f));
  }

#if !defined(__SANITIZE_THREAD__)
  // That sanitizer knows no threads that begin after a fork.
  TEST_CASE("I15: the child of a fork opens the store itself, beside its parent and after it") {
    Fixture f;
    f.open();
    run([&]() -> asio::awaitable<void> { co_await f.client().set("k", "parent"); });
    const Signal closed;
    const Signal opened;
    const auto openInChild = [&] {
      Fixture own;
      own.options.path = f.directory.path();
      own.open();
      bool good = false;
      run([&]() -> asio::awaitable<void> {
        good = co_await own.client().get("k") == "parent";
        co_await own.client().set("child", "v");
      });
      CHECK(openingFails(own) == BackingErrc::alreadyOpen);
      return good;
    };
    Child child([&] {
      const bool beside = openInChild();
      opened.set();
      if (!closed.wait()) return 1;
      return beside && openInChild() ? 7 : 8;
    });
    CHECK(opened.wait());
    f.database.reset();
    closed.set();
    CHECK(child.status() == 7);
    f.open();
    run([&]() -> asio::awaitable<void> { CHECK(co_await f.client().get("child") == "v"); });
  }
#endif

  TEST_CASE("two PID namespaces at one file: the error says what it is and what to do") {
    Fixture f;
    fillOne(f);
    const pid_t self = ::getpid();
    const Signal locked;
    const Child twin([&] {  // as a process with our number in another namespace does
      const int fd = ::open((f.directory.path() / "lock.mdb").c_str(), O_RDWR);
      struct ::flock mark{};
      mark.l_type = F_WRLCK;
      mark.l_whence = SEEK_SET;
      mark.l_start = self;
      mark.l_len = 1;
      if (::fcntl(fd, F_SETLK, &mark) != 0) return 1;
      locked.set();
      return ::pause();
    });
    REQUIRE(locked.wait());
    std::string words;
    try {
      f.open();
    } catch (const Failure& failure) {
      CHECK(failure.code() == BackingErrc::unavailable);
      words = failure.what();
    }
    CHECK(words.find("PID namespace") != std::string::npos);
  }
}
