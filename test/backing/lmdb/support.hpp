#pragma once
/// @file
/// What the tests of this room share: a directory, a sink, an open store.

#include "backing/lmdb/database.hpp"
#include "support/collector.hpp"
#include "support/run.hpp"
#include "support/temporary_directory.hpp"

#include <atomic>
#include <map>
#include <thread>

namespace persistance::test {

namespace lmdb = persistance::backing::lmdb;
using backing::Entry;
using backing::Failure;
using Values = std::vector<std::optional<std::string>>;

/// A directory for a store.
class Directory : public TemporaryDirectory {
 public:
  using TemporaryDirectory::TemporaryDirectory;
  [[nodiscard]] std::filesystem::path data() const { return path() / "data.mdb"; }
};

inline Entry entry(std::string key, std::string_view value,
                   std::optional<std::chrono::milliseconds> timeToLive = {}) {
  return Entry(std::move(key), bytesOf(value), timeToLive);
}

/// A store as a coroutine sees it, in strings. What it returns does not need the client any more.
class Client {
 public:
  explicit Client(std::shared_ptr<backing::Store> store) : store_(std::move(store)) {}

  asio::awaitable<Values> getMany(std::vector<std::string> keys) const {
    return readAll(store_, std::move(keys));
  }
  asio::awaitable<std::optional<std::string>> get(std::string key) const {
    return readOne(store_, std::move(key));
  }
  asio::awaitable<void> setMany(std::vector<Entry> entries) const {
    return writeAll(store_, std::move(entries));
  }
  asio::awaitable<void> set(std::string key, std::string value,
                            std::optional<std::chrono::milliseconds> timeToLive = {}) const {
    std::vector<Entry> entries;
    entries.push_back(entry(std::move(key), value, timeToLive));
    return writeAll(store_, std::move(entries));
  }
  asio::awaitable<void> remove(std::string key) const { return removeOne(store_, std::move(key)); }
  asio::awaitable<void> clear() const { return clearAll(store_); }

 private:
  using Held = std::shared_ptr<backing::Store>;

  static asio::awaitable<Values> readAll(Held store, std::vector<std::string> keys) {
    Collector sink(keys.size());
    auto reading = store->read(keys, sink);
    if (reading.valid()) co_await std::move(reading);
    co_return std::move(sink.values);
  }
  static asio::awaitable<std::optional<std::string>> readOne(Held store, std::string key) {
    std::vector<std::string> keys(1, std::move(key));
    Values values = co_await readAll(std::move(store), std::move(keys));
    co_return std::move(values.front());
  }
  static asio::awaitable<void> writeAll(Held store, std::vector<Entry> entries) {
    auto writing = store->write(entries);
    if (writing.valid()) co_await std::move(writing);
  }
  static asio::awaitable<void> removeOne(Held store, std::string key) {
    auto removing = store->remove(key);
    if (removing.valid()) co_await std::move(removing);
  }
  static asio::awaitable<void> clearAll(Held store) {
    auto clearing = store->clear();
    if (clearing.valid()) co_await std::move(clearing);
  }

  Held store_;
};

/// Awaits and gives the code of the failure; nullopt where there was none.
inline asio::awaitable<std::optional<BackingErrc>> codeOf(asio::awaitable<void> operation) {
  std::optional<BackingErrc> code;
  try {
    co_await std::move(operation);
  } catch (const Failure& failure) {
    code = static_cast<BackingErrc>(failure.code().value());
  }
  co_return code;
}

template <class F>
std::optional<BackingErrc> codeOfCall(F&& f) {
  try {
    f();
  } catch (const Failure& failure) {
    return static_cast<BackingErrc>(failure.code().value());
  }
  return std::nullopt;
}

/// An open store over a fresh directory, whose clock stands until it is moved.
struct Fixture {
  Directory directory;
  LmdbOptions options{directory.path()};
  lmdb::Internals internals;
  std::shared_ptr<std::atomic<std::int64_t>> now =
      std::make_shared<std::atomic<std::int64_t>>(1'700'000'000'000);
  std::shared_ptr<lmdb::Database> database;

  Fixture() {
    options.clock = [now = now] {
      return std::chrono::system_clock::time_point(std::chrono::milliseconds(now->load()));
    };
  }
  void open() { database = std::make_shared<lmdb::Database>(options, internals); }
  void reopen() {
    database.reset();
    open();
  }
  Client client(const std::string& storeId = "store") { return Client(database->store(storeId)); }
};

/// Gives what `body(txn)` gives, in a snapshot of an open store, and waits for that where it must.
template <class Body>
auto inSnapshot(const Fixture& f, Body body) {
  for (;; std::this_thread::yield())
    if (const auto lease = f.database->file()->reads.tryLease()) return body(lease->txn());
}

/// The code of opening the store; nullopt where it opens.
inline std::optional<BackingErrc> openingFails(Fixture& f) {
  return codeOfCall([&] { lmdb::Database(f.options, f.internals); });
}

/// Puts k0, k1 ... into the store, and closes it.
inline void fill(Fixture& f, int count) {
  f.open();
  run([&]() -> asio::awaitable<void> {
    std::vector<Entry> entries;
    for (int i = 0; i < count; ++i)
      entries.push_back(entry("k" + std::to_string(i), std::string(100, 'v')));
    co_await f.client().setMany(std::move(entries));
  });
  f.database.reset();
}

}  // namespace persistance::test
