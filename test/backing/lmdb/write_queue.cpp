// Writes that wait, are late, are cancelled, or lose their io_context.

#include "support.hpp"
#include "support/step_cancel.hpp"

#include <doctest/doctest.h>

#include <sys/wait.h>
#include <unistd.h>

#include <map>

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

}  // namespace

TEST_SUITE("lmdb write queue") {
  TEST_CASE(
      "D10: while another process holds the writer's lock, reads go on, writes wait and end") {
    Fixture f;
    f.options.queueLimit = 4;
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

  TEST_CASE("the queue is limited in bytes as well; a write past the limit is refused at once") {
    Fixture f;
    f.options.queueBytes = ByteSize::mebi(1);
    f.options.deadline = 5s;
    f.open();
    ForeignWriter foreign(f.directory.path());
    asio::io_context context;
    std::map<std::optional<BackingErrc>, int> outcomes;
    const auto write = [&](int i) -> asio::awaitable<void> {
      auto writing = f.client().set("k" + std::to_string(i), std::string(100 << 10, 'v'));
      ++outcomes[co_await codeOf(std::move(writing))];
    };
    for (int i = 0; i < 50; ++i) asio::co_spawn(context, write(i), asio::detached);
    context.poll();
    const int refused = outcomes[BackingErrc::overloaded];
    CHECK(refused >= 40);  // without a wait
    CHECK(refused < 50);
    foreign.release();
    context.run_for(10s);
    CHECK(outcomes[std::nullopt] == 50 - refused);
    run([&]() -> asio::awaitable<void> {  // one that is larger alone has its turn
      co_await f.client().set("large", std::string(2 << 20, 'v'));
    });
  }
}
