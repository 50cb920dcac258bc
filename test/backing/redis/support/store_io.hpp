#pragma once
/// Plain words for a backing's operations.

#include <map>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

#include "backing/redis/client.hpp"
#include "support/collector.hpp"

namespace persistance::test {

using StorePtr = std::shared_ptr<backing::Store>;

inline asio::awaitable<std::vector<std::optional<std::string>>> getMany(
    StorePtr store, std::vector<std::string> keys) {
  Collector found(keys.size());
  co_await store->read(keys, found);
  co_return std::move(found.values);
}

inline asio::awaitable<std::optional<std::string>> get(StorePtr store, std::string key) {
  const std::vector<std::string> keys(1, key);
  Collector found(1);
  co_await store->read(keys, found);
  co_return std::move(found.values.front());
}

inline asio::awaitable<void> set(StorePtr store, std::string key, std::string value,
                                 std::optional<std::chrono::milliseconds> timeToLive = {}) {
  std::vector<backing::Entry> entries;
  entries.emplace_back(key, bytesOf(value), timeToLive);
  co_await store->write(entries);
}

inline asio::awaitable<void> remove(StorePtr store, std::string key) {
  co_await store->remove(key);
}

/// Whether it was as expected.
inline asio::awaitable<bool> exchange(StorePtr store, std::string key,
                                      std::optional<std::string> expected,
                                      std::optional<std::string> desired,
                                      std::optional<std::chrono::milliseconds> timeToLive = {}) {
  const auto value = [](const std::optional<std::string>& text) -> std::optional<Unknown> {
    if (!text) return std::nullopt;
    return bytesOf(*text);
  };
  backing::Exchange exchange(key, value(expected), value(desired), timeToLive);
  co_await store->exchange(exchange);
  co_return exchange.done;
}

/// A value, and what is left of its time to live.
struct Found {
  std::optional<std::string> value;
  std::optional<std::chrono::milliseconds> timeToLive;
};

inline asio::awaitable<Found> find(StorePtr store, std::string key) {
  Collector collector(1);
  Found found;
  co_await store->find(key, collector, found.timeToLive);
  found.value = std::move(collector.values.front());
  co_return found;
}

/// One page of keys, each of which counts. What is wrong with a page is thrown.
inline asio::awaitable<std::optional<std::string>> page(StorePtr store, KeyQuery query,
                                                        std::map<std::string, int>& seen) {
  KeyPage page;
  co_await store->keys(query, page);
  if (page.keys.size() > query.limit()) throw std::logic_error("a page over its limit");
  for (const std::string& key : page.keys) {
    if (!key.starts_with(query.prefix())) throw std::logic_error("a key without the prefix");
    ++seen[key];
  }
  co_return page.next;
}

/// All pages from `next` on, or from the first.
inline asio::awaitable<void> pages(StorePtr store, KeyQuery query,
                                   std::map<std::string, int>& seen) {
  do {
    auto next = co_await page(store, query, seen);
    query.after(std::move(next));
  } while (query.after());
}

inline asio::awaitable<void> setMany(StorePtr store, std::vector<std::string> keys) {
  std::vector<backing::Entry> entries;
  for (const std::string& key : keys) entries.emplace_back(key, bytesOf(key), std::nullopt);
  co_await store->write(entries);
}

/// What an operation came to: "ok", or the name of its error.
inline std::string nameOf(std::exception_ptr error) {
  if (!error) return "ok";
  try {
    std::rethrow_exception(error);
  } catch (const std::system_error& e) {
    return e.code() == asio::error::operation_aborted ? "cancelled" : e.code().message();
  }
}

inline asio::awaitable<std::optional<BackingErrc>> failureOf(asio::awaitable<void> operation) {
  try {
    co_await std::move(operation);
  } catch (const backing::Failure& failure) {
    co_return static_cast<BackingErrc>(failure.code().value());
  }
  co_return std::nullopt;
}

/// What building a client came to, and what the error said.
inline asio::awaitable<std::optional<BackingErrc>> openFailure(RedisOptions options,
                                                               std::string* said = nullptr) {
  try {
    auto client = co_await backing::redis::Client::open(options);
    co_await client->close();
  } catch (const backing::Failure& failure) {
    if (said != nullptr) *said = failure.what();
    co_return static_cast<BackingErrc>(failure.code().value());
  }
  co_return std::nullopt;
}

/// The error of an operation that has a result.
template <class T>
asio::awaitable<std::optional<BackingErrc>> failureOf(asio::awaitable<T> operation) {
  try {
    static_cast<void>(co_await std::move(operation));
  } catch (const backing::Failure& failure) {
    co_return static_cast<BackingErrc>(failure.code().value());
  }
  co_return std::nullopt;
}

inline asio::awaitable<std::optional<BackingErrc>> getFailure(StorePtr store, std::string key) {
  try {
    co_await get(store, key);
  } catch (const backing::Failure& failure) {
    co_return static_cast<BackingErrc>(failure.code().value());
  }
  co_return std::nullopt;
}

}  // namespace persistance::test
