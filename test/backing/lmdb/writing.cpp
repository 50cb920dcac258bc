// Groups, growth, fullness, sweeping, deadlines, cancellation.

#include <doctest/doctest.h>

#include <sys/wait.h>
#include <unistd.h>

#include <thread>

#include "support.hpp"
#include "support/step_cancel.hpp"

using namespace persistance;
using namespace persistance::test;
using namespace std::chrono_literals;

namespace {

/// Another process that holds the writer's lock.
class ForeignWriter {
 public:
  explicit ForeignWriter(const std::filesystem::path& directory) {
    int ready[2];
    int stop[2];
    if (::pipe(ready) != 0 || ::pipe(stop) != 0) throw std::runtime_error("pipe");
    child_ = ::fork();
    if (child_ == 0) {
      ::close(stop[1]);
      const auto env = lmdb::openHandle(directory, 1 << 20);
      MDB_txn* txn = nullptr;
      lmdb::check(mdb_txn_begin(env.get(), nullptr, 0, &txn), "begin");
      char byte = 0;
      if (::write(ready[1], &byte, 1) != 1) ::_exit(1);
      (void)!::read(stop[0], &byte, 1);
      ::_exit(0);  // without a word: the lock is found abandoned
    }
    char byte = 0;
    ::close(stop[0]);
    ::close(ready[1]);
    stop_ = stop[1];
    if (::read(ready[0], &byte, 1) != 1) throw std::runtime_error("the child did not begin");
    ::close(ready[0]);
  }
  ForeignWriter(const ForeignWriter&) = delete;
  ForeignWriter& operator=(const ForeignWriter&) = delete;
  void release() {
    if (child_ < 0) return;
    ::close(stop_);
    ::waitpid(child_, nullptr, 0);
    child_ = -1;
  }
  ~ForeignWriter() { release(); }

 private:
  pid_t child_ = -1;
  int stop_ = -1;
};

/// How many keys of a kind there are, of living and of dead values.
std::size_t entriesOf(Fixture& f, lmdb::Kind kind) {
  const auto lease = f.database->engine()->reads.tryLease();
  MDB_cursor* opened = nullptr;
  lmdb::check(mdb_cursor_open(lease->txn(), f.database->engine()->table.dbi, &opened), "cursor");
  const lmdb::CursorHandle cursor(opened);
  std::size_t count = 0;
  MDB_val key{};
  MDB_val value{};
  while (mdb_cursor_get(cursor.get(), &key, &value, MDB_NEXT) == MDB_SUCCESS)
    if (lmdb::headOf(lmdb::asBytes(key))->kind == kind) ++count;
  return count;
}

template <class Predicate>
bool eventually(Predicate predicate) {
  for (int i = 0; i < 2000; ++i) {
    if (predicate()) return true;
    std::this_thread::sleep_for(5ms);
  }
  return false;
}

}  // namespace

TEST_SUITE("lmdb writing") {
  TEST_CASE("D2: the map grows by itself while readers read, and nothing is lost") {
    Fixture f;
    f.internals.firstMap = 256 << 10;
    f.open();
    const auto before = std::filesystem::file_size(f.directory.data());
    std::atomic<bool> stop = false;
    std::vector<std::thread> readers;
    std::atomic<int> wrong = 0;
    for (int r = 0; r < 3; ++r)
      readers.emplace_back([&] {
        while (!stop) {
          run([&]() -> asio::awaitable<void> {
            const Client store = f.client();
            for (int i = 0; i < 200; ++i) {
              const auto value = co_await store.get("k" + std::to_string(i));
              if (value && *value != std::string(20000, static_cast<char>('a' + i % 26))) ++wrong;
            }
          });
        }
      });
    run([&]() -> asio::awaitable<void> {
      const Client store = f.client();
      for (int i = 0; i < 200; ++i)
        co_await store.set("k" + std::to_string(i),
                           std::string(20000, static_cast<char>('a' + i % 26)));
    });
    stop = true;
    for (std::thread& reader : readers) reader.join();
    CHECK(wrong == 0);
    CHECK(std::filesystem::file_size(f.directory.data()) > 8 * before);
    f.reopen();
    run([&]() -> asio::awaitable<void> {
      for (int i = 0; i < 200; ++i)
        CHECK((co_await f.client().get("k" + std::to_string(i))).has_value());
    });
  }

  TEST_CASE("how large a full file becomes") {
    using lmdb::grownFile;
    constexpr std::uint64_t mebi = 1 << 20;
    CHECK(grownFile(mebi, 0, 1024 * mebi) == 2 * mebi);
    CHECK(grownFile(64 * mebi, 0, 1024 * mebi) == 80 * mebi);
    CHECK(grownFile(mebi, 10 * mebi, 1024 * mebi) >= 21 * mebi);
    CHECK(grownFile(mebi, 10 * mebi, 3 * mebi) == 3 * mebi);
    CHECK(grownFile(4 * mebi, 0, 3 * mebi) == 4 * mebi);
  }

  TEST_CASE("D2 D1: at the limit a write is full; what was written stays; removing makes room") {
    Fixture f;
    f.internals.firstMap = 256 << 10;
    f.options.mapLimit = ByteSize::mebi(2);
    f.open();
    run([&]() -> asio::awaitable<void> {
      const Client store = f.client();
      int written = 0;
      std::optional<BackingErrc> code;
      while (!code) {
        auto writing = store.set("k" + std::to_string(written), std::string(10000, 'v'));
        code = co_await codeOf(std::move(writing));
        if (!code) ++written;
      }
      CHECK(code == BackingErrc::full);
      CHECK(written > 50);
      for (int i = 0; i < written; ++i)
        CHECK((co_await store.get("k" + std::to_string(i))).has_value());
      CHECK_FALSE((co_await store.get("k" + std::to_string(written))).has_value());
      for (int i = 0; i < written; i += 2) co_await store.remove("k" + std::to_string(i));
      co_await store.set("again", std::string(10000, 'v'));
      CHECK((co_await store.get("again")).has_value());
      co_await store.clear();
      co_await store.set("again", std::string(10000, 'v'));
    });
  }

  TEST_CASE("D3: one operation of a group that does not fit fails alone") {
    Fixture f;
    f.options.mapLimit = ByteSize::mebi(4);
    f.open();
    asio::io_context context;
    const Client store = f.client();
    int done = 0;
    int full = 0;
    std::vector<std::string> values;
    const auto write = [&](int i) -> asio::awaitable<void> {
      auto writing = store.set("k" + std::to_string(i), std::string(i == 50 ? 8 << 20 : 100, 'v'));
      const auto code = co_await codeOf(std::move(writing));
      if (!code) ++done;
      if (code == BackingErrc::full) ++full;
    };
    for (int i = 0; i < 100; ++i) asio::co_spawn(context, write(i), asio::detached);
    context.run_for(20s);
    CHECK(done == 99);
    CHECK(full == 1);
    run([&]() -> asio::awaitable<void> {
      for (int i = 0; i < 100; ++i)
        CHECK((co_await store.get("k" + std::to_string(i))).has_value() == (i != 50));
    });
  }

  TEST_CASE("setMany is all or nothing, also where it does not fit") {
    Fixture f;
    f.options.mapLimit = ByteSize::mebi(2);
    f.open();
    run([&]() -> asio::awaitable<void> {
      const Client store = f.client();
      co_await store.set("a", "old");
      std::vector<Entry> entries;
      entries.push_back(entry("a", "new"));
      entries.push_back(entry("b", "new"));
      entries.push_back(entry("c", std::string(3 << 20, 'v')));
      CHECK(co_await codeOf(store.setMany(std::move(entries))) == BackingErrc::full);
      CHECK(co_await store.get("a") == "old");
      CHECK(co_await store.get("b") == std::nullopt);
    });
  }

  TEST_CASE("what has expired, or was cleared, is swept out; what lives is not") {
    Fixture f;
    f.options.sweepInterval = 5ms;
    f.open();
    run([&]() -> asio::awaitable<void> {
      std::vector<Entry> entries;
      for (int i = 0; i < 2500; ++i)
        entries.push_back(entry("e" + std::to_string(i), "v", std::chrono::milliseconds(1000 + i)));
      entries.push_back(entry("lives", "v", 1h));
      entries.push_back(entry("stays", "v"));
      co_await f.client().setMany(std::move(entries));
      co_await f.client().set("e7", "renewed");
      std::vector<Entry> others;
      for (int i = 0; i < 2500; ++i) others.push_back(entry("o" + std::to_string(i), "v", 1h));
      co_await f.client("other").setMany(std::move(others));
    });
    const std::size_t directory = 2;
    CHECK(entriesOf(f, lmdb::Kind::value) == 2502 + 2500 + directory);
    CHECK(entriesOf(f, lmdb::Kind::expiry) == 2500 + 2500);
    *f.now += 10'000;
    CHECK(eventually([&] { return entriesOf(f, lmdb::Kind::value) == 3 + 2500 + directory; }));
    CHECK(entriesOf(f, lmdb::Kind::expiry) == 1 + 2500);
    run([&]() -> asio::awaitable<void> {
      co_await f.client("other").clear();
      CHECK(co_await f.client("other").get("o1") == std::nullopt);
      co_await f.client("other").set("o1", "new");
    });
    CHECK(eventually([&] { return entriesOf(f, lmdb::Kind::value) == 3 + 1 + directory; }));
    CHECK(eventually([&] { return entriesOf(f, lmdb::Kind::garbage) == 0; }));
    CHECK(entriesOf(f, lmdb::Kind::expiry) == 1);
    run([&]() -> asio::awaitable<void> {
      CHECK(co_await f.client().get("e7") == "renewed");
      CHECK(co_await f.client().get("lives") == "v");
      CHECK(co_await f.client().get("stays") == "v");
      CHECK(co_await f.client("other").get("o1") == "new");
    });
  }

  TEST_CASE(
      "D10: while another process holds the writer's lock, reads go on, writes wait and end") {
    Fixture f;
    f.options.queueBound = 4;
    f.options.deadline = 200ms;
    f.open();
    run([&]() -> asio::awaitable<void> { co_await f.client().set("k", "old"); });
    ForeignWriter foreign(f.directory.path());
    asio::io_context context;
    std::map<std::optional<BackingErrc>, int> outcomes;
    const auto write = [&](int i) -> asio::awaitable<void> {
      ++outcomes[co_await codeOf(f.client().set("k" + std::to_string(i), "v"))];
    };
    for (int i = 0; i < 10; ++i) asio::co_spawn(context, write(i), asio::detached);
    context.poll();
    run([&]() -> asio::awaitable<void> { CHECK(co_await f.client().get("k") == "old"); });
    context.run_for(10s);
    CHECK(outcomes[BackingErrc::timeout] == 4);
    CHECK(outcomes[BackingErrc::overloaded] == 6);
    foreign.release();
    run([&]() -> asio::awaitable<void> {
      co_await f.client().set("after", "v");
      CHECK(co_await f.client().get("k1") == std::nullopt);  // a timeout was not applied
    });
  }

  TEST_CASE("F3: a cancelled write that the writer has not taken is not applied") {
    Fixture f;
    f.open();
    ForeignWriter foreign(f.directory.path());
    asio::io_context context;
    asio::cancellation_signal signal;
    bool aborted = false;
    asio::co_spawn(context, f.client().set("k", "v"),
                   asio::bind_cancellation_slot(signal.slot(), [&](std::exception_ptr error) {
                     try {
                       if (error) std::rethrow_exception(error);
                     } catch (const std::system_error& e) {
                       aborted = e.code() == asio::error::operation_aborted;
                     }
                   }));
    context.poll();
    signal.emit(asio::cancellation_type::terminal);
    context.run_for(10s);
    CHECK(aborted);
    foreign.release();
    run([&]() -> asio::awaitable<void> {
      co_await f.client().set("other", "v");
      CHECK(co_await f.client().get("k") == std::nullopt);
    });
  }

  TEST_CASE("F1: each operation, cancelled at each of its steps, is whole or not at all") {
    Fixture f;
    f.open();
    int round = 0;
    const auto pairIsWhole = [&](Outcome outcome) {
      run([&]() -> asio::awaitable<void> {
        const auto a = co_await f.client().get("a");
        CHECK(a == co_await f.client().get("b"));
        if (outcome == Outcome::finished) CHECK(a == std::to_string(round));
      });
    };
    const auto setPair = [&]() -> asio::awaitable<void> {
      std::vector<Entry> entries;
      entries.push_back(entry("a", std::to_string(++round)));
      entries.push_back(entry("b", std::to_string(round)));
      return f.client().setMany(std::move(entries));
    };
    CHECK(cancelAtEachStep(setPair, pairIsWhole).points >= 1);
    CHECK(cancelAtEachStep([&] { return f.client().remove("a"); }).points >= 1);
    CHECK(cancelAtEachStep([&] { return f.client().clear(); }).points >= 1);
    const auto close = [&] { return f.database->close(); };
    CHECK(cancelAtEachStep(close).points >= 1);
  }

  TEST_CASE("F4: the io_context is destroyed with writes and reads on their way") {
    Fixture f;
    f.options.concurrentReads = 1;
    f.open();
    for (int round = 0; round < 50; ++round) {
      asio::io_context context;
      for (int i = 0; i < 20; ++i) {
        asio::co_spawn(context, f.client().set("k" + std::to_string(i), "v"), asio::detached);
        asio::co_spawn(context, f.client().clear(), asio::detached);
      }
      context.run_for(std::chrono::microseconds(round * 20));
    }
    run([&]() -> asio::awaitable<void> { co_await f.client().set("k", "v"); });
  }

  TEST_CASE("a commit interval holds writes together, and each is durable when it completes") {
    Fixture f;
    f.options.commitInterval = 20ms;
    f.open();
    const auto start = std::chrono::steady_clock::now();
    run([&]() -> asio::awaitable<void> {
      for (int i = 0; i < 5; ++i) co_await f.client().set("k" + std::to_string(i), "v");
    });
    CHECK(std::chrono::steady_clock::now() - start >= 4 * 20ms);
    f.reopen();
    run([&]() -> asio::awaitable<void> { CHECK(co_await f.client().get("k4") == "v"); });
  }

  TEST_CASE("D14: overwriting one key 20,000 times does not grow the file") {
    Fixture f;
    f.open();
    run([&]() -> asio::awaitable<void> {
      const auto executor = co_await asio::this_coro::executor;
      for (int batch = 0; batch < 40; ++batch) {
        std::vector<Entry> entries;
        for (int i = 0; i < 500; ++i)
          entries.push_back(
              entry("k" + std::to_string(i % 50 + i / 50 * 100), std::string(100, 'v')));
        co_await f.client().setMany(std::move(entries));
      }
    });
    CHECK(std::filesystem::file_size(f.directory.data()) == 1 << 20);
  }
}
