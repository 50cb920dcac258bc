#pragma once
/// @file
/// What is behind a Persistance<A>.

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include <persistance/asio.hpp>
#include <persistance/backing/store.hpp>
#include <persistance/error.hpp>

namespace persistance::typed {

using TimeToLive = std::optional<std::chrono::milliseconds>;

/// What g++ 12 destroys twice as a temporary of a co_await expression.
template <class A>
concept UnsafeTemporary = std::is_aggregate_v<A> && !std::is_trivially_destructible_v<A>;

/// The operations of Persistance<A>, its type of store erased. Each takes the pointer that it is
/// called through, so that a running operation keeps its store alive.
template <class A>
class Operations {
 public:
  using Self = std::shared_ptr<const Operations>;

  virtual ~Operations() = default;
  virtual asio::awaitable<std::optional<A>> get(Self self, std::string key) const = 0;
  virtual asio::awaitable<std::vector<std::optional<A>>> getMany(
      Self self, std::vector<std::string> keys) const = 0;
  virtual asio::awaitable<void> set(Self self, std::string key, const A& value,
                                    TimeToLive timeToLive) const = 0;
  virtual asio::awaitable<void> setMany(Self self, std::vector<std::pair<std::string, A>> entries,
                                        TimeToLive timeToLive) const = 0;
  virtual asio::awaitable<void> remove(Self self, std::string key) const = 0;
  virtual asio::awaitable<void> clear(Self self) const = 0;

  /// The bytes below, where there are any.
  virtual std::shared_ptr<backing::Store> bytes() const { return nullptr; }
};

/// The operations of a handle that was never made: each fails with `closed`.
template <class A>
class Unmade final : public Operations<A> {
 public:
  using typename Operations<A>::Self;

  asio::awaitable<std::optional<A>> get(Self, std::string key) const override {
    co_return fail("get", std::move(key)), std::nullopt;
  }
  asio::awaitable<std::vector<std::optional<A>>> getMany(Self,
                                                         std::vector<std::string>) const override {
    co_return fail("getMany", {}), std::vector<std::optional<A>>();
  }
  asio::awaitable<void> set(Self, std::string key, const A&, TimeToLive) const override {
    co_return fail("set", std::move(key));
  }
  asio::awaitable<void> setMany(Self, std::vector<std::pair<std::string, A>>,
                                TimeToLive) const override {
    co_return fail("setMany", {});
  }
  asio::awaitable<void> remove(Self, std::string key) const override {
    co_return fail("remove", std::move(key));
  }
  asio::awaitable<void> clear(Self) const override { co_return fail("clear", {}); }

 private:
  static void fail(const char* method, std::string key) {
    throw PersistanceBackingError(method, std::move(key), BackingErrc::closed,
                                  "this handle was never given a store");
  }
};

}  // namespace persistance::typed
