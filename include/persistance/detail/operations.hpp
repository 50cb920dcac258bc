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
#include <persistance/detail/lifeline.hpp>
#include <persistance/error.hpp>
#include <persistance/key_query.hpp>
#include <persistance/stored.hpp>

namespace persistance::detail {

using TimeToLive = std::optional<std::chrono::milliseconds>;

/// Does nothing, successfully.
[[nodiscard]] asio::awaitable<void> nothing();

/// Ends with `error`.
[[nodiscard]] asio::awaitable<void> failed(std::exception_ptr error);

/// Ends with what rethrowAs() makes of the exception in flight.
[[nodiscard]] asio::awaitable<void> failedAs(const char* method);

/// Answers false, successfully.
[[nodiscard]] asio::awaitable<bool> notStored();

/// Ends with `error`.
[[nodiscard]] asio::awaitable<bool> notStored(std::exception_ptr error);

/// A time to live that skips the write: it would be over before it began.
[[nodiscard]] constexpr bool isOver(const TimeToLive& timeToLive) {
  return timeToLive && timeToLive->count() <= 0;
}

/// One step of an update: what is stored in, what shall be stored out.
template <class A>
class Update {
 public:
  virtual std::optional<A> next(std::optional<A> current) = 0;

 protected:
  ~Update() = default;
};

/// A step that calls a function, which has to outlive it.
template <class A, class F>
class UpdateBy final : public Update<A> {
 public:
  explicit UpdateBy(F& f) : f_(f) {}
  std::optional<A> next(std::optional<A> current) override { return f_(std::move(current)); }

 private:
  F& f_;
};

/// The operations of Persistance<A>, its type of store erased. Each takes the handle that it is
/// called through, so that a running operation keeps its store alive.
template <class A>
class Operations : public Lifeline {
 public:
  using Self = Held<const Operations>;

  virtual asio::awaitable<std::optional<A>> get(const Self& self, std::string&& key) const = 0;
  virtual asio::awaitable<std::vector<std::optional<A>>> getMany(
      const Self& self, std::vector<std::string>&& keys) const = 0;
  virtual asio::awaitable<void> set(const Self& self, std::string&& key, const A& value,
                                    TimeToLive timeToLive) const = 0;
  virtual asio::awaitable<void> setMany(const Self& self,
                                        std::vector<std::pair<std::string, A>>&& entries,
                                        TimeToLive timeToLive) const = 0;
  virtual asio::awaitable<void> remove(const Self& self, std::string&& key) const = 0;
  virtual asio::awaitable<void> removeMany(const Self& self,
                                           std::vector<std::string>&& keys) const = 0;
  virtual asio::awaitable<void> clear(const Self& self) const = 0;
  virtual asio::awaitable<bool> setIfAbsent(const Self& self, std::string&& key, const A& value,
                                            TimeToLive timeToLive) const = 0;
  /// `step` outlives the awaitable.
  virtual asio::awaitable<std::optional<A>> update(const Self& self, std::string&& key,
                                                   Update<A>& step,
                                                   TimeToLive timeToLive) const = 0;
  virtual asio::awaitable<std::optional<Stored<A>>> find(const Self& self,
                                                         std::string&& key) const = 0;
  virtual asio::awaitable<KeyPage> keys(const Self& self, KeyQuery&& query) const = 0;

  /// The bytes below, where there are any.
  virtual std::shared_ptr<backing::Store> bytes() const { return nullptr; }
};

/// Ends with a PersistanceBackingError of that code.
template <class Result>
[[nodiscard]] asio::awaitable<Result> refuse(std::string method, std::string key, BackingErrc code,
                                             std::string reason) {
  co_await failed(std::make_exception_ptr(
      PersistanceBackingError(std::move(method), std::move(key), code, std::move(reason))));
  if constexpr (!std::is_void_v<Result>) co_return Result();
}

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
  asio::awaitable<void> removeMany(const Self&, std::vector<std::string>&&) const override {
    return fail<void>("removeMany", {});
  }
  asio::awaitable<void> clear(const Self&) const override { return fail<void>("clear", {}); }
  asio::awaitable<bool> setIfAbsent(const Self&, std::string&& key, const A&,
                                    TimeToLive) const override {
    return fail<bool>("setIfAbsent", std::move(key));
  }
  asio::awaitable<std::optional<A>> update(const Self&, std::string&& key, Update<A>&,
                                           TimeToLive) const override {
    return fail<std::optional<A>>("update", std::move(key));
  }
  asio::awaitable<std::optional<Stored<A>>> find(const Self&, std::string&& key) const override {
    return fail<std::optional<Stored<A>>>("find", std::move(key));
  }
  asio::awaitable<KeyPage> keys(const Self&, KeyQuery&&) const override {
    return fail<KeyPage>("keys", {});
  }

 private:
  template <class Result>
  static asio::awaitable<Result> fail(std::string method, std::string key) {
    return refuse<Result>(std::move(method), std::move(key), BackingErrc::closed,
                          "this handle was never given a store");
  }
};

template <class A>
[[nodiscard]] typename Operations<A>::Self unmade() {
  return Held<const Unmade<A>>(new Unmade<A>());
}

}  // namespace persistance::detail
