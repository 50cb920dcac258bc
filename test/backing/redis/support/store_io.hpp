#pragma once
/// Plain words for a backing's operations.

#include <optional>
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

inline asio::awaitable<std::optional<BackingErrc>> getFailure(StorePtr store, std::string key) {
  try {
    co_await get(store, key);
  } catch (const backing::Failure& failure) {
    co_return static_cast<BackingErrc>(failure.code().value());
  }
  co_return std::nullopt;
}

}  // namespace persistance::test
