#pragma once
/// @file
/// What is behind a Persistance<A>.

#include <chrono>
#include <exception>
#include <memory>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include <persistance/asio.hpp>
#include <persistance/backing/store.hpp>
#include <persistance/error.hpp>

namespace persistance::detail {

using TimeToLive = std::optional<std::chrono::milliseconds>;

/// Does nothing, successfully.
[[nodiscard]] asio::awaitable<void> nothing();

/// Ends with `error`.
[[nodiscard]] asio::awaitable<void> failed(std::exception_ptr error);

/// A time to live that skips the write: it would be over before it began.
[[nodiscard]] constexpr bool isOver(const TimeToLive& timeToLive) {
  return timeToLive && timeToLive->count() <= 0;
}

/// The operations of Persistance<A>, its type of store erased. Each takes the pointer that it is
/// called through, so that a running operation keeps its store alive.
template <class A>
class Operations {
 public:
  using Self = std::shared_ptr<const Operations>;

  virtual ~Operations() = default;
  virtual asio::awaitable<std::optional<A>> get(const Self& self, std::string&& key) const = 0;
  virtual asio::awaitable<std::vector<std::optional<A>>> getMany(
      const Self& self, std::vector<std::string>&& keys) const = 0;
  virtual asio::awaitable<void> set(const Self& self, std::string&& key, const A& value,
                                    TimeToLive timeToLive) const = 0;
  virtual asio::awaitable<void> setMany(const Self& self,
                                        std::vector<std::pair<std::string, A>>&& entries,
                                        TimeToLive timeToLive) const = 0;
  virtual asio::awaitable<void> remove(const Self& self, std::string&& key) const = 0;
  virtual asio::awaitable<void> clear(const Self& self) const = 0;

  /// The bytes below, where there are any.
  virtual std::shared_ptr<backing::Store> bytes() const { return nullptr; }
};

/// The operations of a handle that was never made: each fails with `closed`.
template <class A>
class Unmade final : public Operations<A> {
 public:
  using typename Operations<A>::Self;

  asio::awaitable<std::optional<A>> get(const Self&, std::string&& key) const override {
    return fail<std::optional<A>>("get", std::move(key));
  }
  asio::awaitable<std::vector<std::optional<A>>> getMany(
      const Self&, std::vector<std::string>&&) const override {
    return fail<std::vector<std::optional<A>>>("getMany", {});
  }
  asio::awaitable<void> set(const Self&, std::string&& key, const A&, TimeToLive) const override {
    return fail<void>("set", std::move(key));
  }
  asio::awaitable<void> setMany(const Self&, std::vector<std::pair<std::string, A>>&&,
                                TimeToLive) const override {
    return fail<void>("setMany", {});
  }
  asio::awaitable<void> remove(const Self&, std::string&& key) const override {
    return fail<void>("remove", std::move(key));
  }
  asio::awaitable<void> clear(const Self&) const override { return fail<void>("clear", {}); }

 private:
  template <class Result>
  static asio::awaitable<Result> fail(std::string method, std::string key) {
    co_await failed(std::make_exception_ptr(
        PersistanceBackingError(std::move(method), std::move(key), BackingErrc::closed,
                                "this handle was never given a store")));
    if constexpr (!std::is_void_v<Result>) co_return Result();
  }
};

}  // namespace persistance::detail
