// The process that the crash tests kill.
//
//   lmdb-worker write DIR FROM COUNT    makes the writes FROM .. FROM+COUNT-1 of the workload, eight
//                                       at a time, and says each number on its standard output, 8
//                                       bytes, once it is acknowledged
//   lmdb-worker survive DIR             makes writes while calls fail; sees to it that each ends
//                                       with an outcome that is allowed, opens anew, goes on
//   lmdb-worker golden DIR              makes the store of which test/golden keeps the data file
//
// Its exit code is 0, or the line on which it found something wrong.

#include <cstdlib>
#include <cstring>
#include <thread>

#include "workload.hpp"

using namespace persistance;
using namespace persistance::test;

namespace {

constexpr int atOnce = 8;

[[noreturn]] void wrong(int line) { std::_Exit(line > 255 ? 255 : line); }

void acknowledge(std::uint64_t n) {
  if (::write(STDOUT_FILENO, &n, sizeof n) != sizeof n) wrong(2);
}

LmdbOptions optionsFor(const char* directory) {
  LmdbOptions options{std::filesystem::path(directory)};
  options.sweepInterval = std::chrono::milliseconds(20);
  options.deadline = std::chrono::seconds(5);
  return options;
}

lmdb::Internals smallFile() {
  lmdb::Internals internals;
  internals.firstMap = 128 << 10;  // grows often
  return internals;
}

void writeMany(const char* directory, std::uint64_t from, std::uint64_t count) {
  lmdb::Database database(optionsFor(directory), smallFile());
  const Client store(database.store("crash"));
  std::uint64_t next = from;
  const auto writer = [&]() -> asio::awaitable<void> {
    while (next < from + count) {
      const std::uint64_t n = next++;
      co_await store.setMany(Workload::write(n));
      acknowledge(n);
    }
  };
  asio::io_context context(1);
  for (int i = 0; i < atOnce; ++i)
    asio::co_spawn(context, writer, [](std::exception_ptr error) {
      if (error) std::rethrow_exception(error);
    });
  context.run();
}

bool isAllowed(BackingErrc code) {
  return code == BackingErrc::unknownOutcome || code == BackingErrc::io ||
         code == BackingErrc::full;
}

/// There was no room, or none could be made: the only call that fails here without a doubt.
bool comesBeforeCommit(BackingErrc code) {
  const char* fault = std::getenv("SHIM_FAULT");
  const bool growing = fault != nullptr && std::string_view(fault).starts_with("size:");
  return code == BackingErrc::full || (growing && code == BackingErrc::io);
}

/// Makes the writes of a range. After one that ended in doubt each further one must be refused;
/// after one that found no room it stops. Gives the last that was acknowledged.
asio::awaitable<std::uint64_t> writeDespiteFailures(Client store, std::uint64_t from,
                                                    std::uint64_t to) {
  std::uint64_t acknowledged = from - 1;
  bool refused = false;
  for (std::uint64_t n = from; n < to; ++n) {
    try {
      co_await store.setMany(Workload::write(n));
      if (refused) wrong(__LINE__);
      acknowledge(n);
      acknowledged = n;
    } catch (const Failure& failure) {
      const auto code = static_cast<BackingErrc>(failure.code().value());
      // It could not be begun: then it is not applied, and what follows may go well.
      if (!refused && comesBeforeCommit(code)) co_return acknowledged;
      if (code != (refused ? BackingErrc::io : BackingErrc::unknownOutcome)) wrong(__LINE__);
      refused = true;
    }
  }
  co_return acknowledged;
}

/// Opens, and tries again where a call failed; not for ever, because it may fail for ever.
std::unique_ptr<lmdb::Database> openSomehow(const char* directory) {
  for (int attempt = 0; attempt < 3; ++attempt) {
    try {
      return std::make_unique<lmdb::Database>(optionsFor(directory), smallFile());
    } catch (const Failure& failure) {
      if (!isAllowed(static_cast<BackingErrc>(failure.code().value()))) wrong(__LINE__);
    }
  }
  return nullptr;
}

void survive(const char* directory) {
  constexpr std::uint64_t half = 12;
  std::uint64_t at = 0;
  for (int part = 0; part < 2; ++part) {
    const auto database = openSomehow(directory);
    if (!database) return;
    run([&]() -> asio::awaitable<void> {
      const Client store(database->store("crash"));
      std::string words;
      const auto found = co_await Workload::standsAt(store, words);
      if (!found || *found < at) wrong(__LINE__);
      at = co_await writeDespiteFailures(store, *found + 1, *found + 1 + half);
      co_await database->close();
    });
  }
}

/// One record of each kind: plain, long key, long value, time to live, expired, cleared.
void makeGolden(const char* directory) {
  LmdbOptions options = optionsFor(directory);
  options.sweepInterval = std::chrono::hours(1);
  options.clock = [] {  // long before the clock of the tests, so that what is to expire has
    return std::chrono::system_clock::time_point(std::chrono::seconds(1'600'000'000));
  };
  run([&]() -> asio::awaitable<void> {
    lmdb::Database database(options, smallFile());
    const Client store(database.store("store"));
    co_await store.set("whole", "as it is");
    co_await store.set(std::string(1000, 'l'), "under a digest");
    co_await store.set("large", std::string(5000, 'v'));
    co_await store.set("expired", "soon", std::chrono::milliseconds(1));
    co_await Client(database.store("other:store")).set("", "of nothing");
    co_await Client(database.store("cleared")).set("k", "v");
    co_await database.close();
  });
  // By hand, because a store would sweep it.
  const lmdb::Environment environment(options, smallFile());
  lmdb::TransactionHandle txn = lmdb::beginWriting(environment.handle());
  lmdb::Changes(txn.get(), environment.keyspace()).clear("cleared");
  lmdb::check(mdb_txn_commit(txn.release()), "clearing");
}

}  // namespace

int main(int argc, char** argv) {
  if (argc == 5 && std::strcmp(argv[1], "write") == 0) {
    writeMany(argv[2], std::strtoull(argv[3], nullptr, 10), std::strtoull(argv[4], nullptr, 10));
    return 0;
  }
  if (argc == 3 && std::strcmp(argv[1], "survive") == 0) {
    survive(argv[2]);
    return 0;
  }
  if (argc == 3 && std::strcmp(argv[1], "golden") == 0) {
    makeGolden(argv[2]);
    return 0;
  }
  return 1;
}
