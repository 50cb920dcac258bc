#pragma once
/// @file
/// A Persistance made from any object that has its operations.

#include <concepts>
#include <memory>

#include <persistance/detail/byte_operations.hpp>
#include <persistance/detail/guard.hpp>
#include <persistance/detail/operations.hpp>
#include <persistance/detail/typed_operations.hpp>
#include <persistance/schema/of.hpp>

namespace persistance::detail {

/// What an object has to have to be made a Persistance<A>.
template <class T, class A>
concept PersistanceLike =
    requires(T& object, std::string key, std::vector<std::string> keys, const A& value) {
      { object.get(key) } -> std::same_as<asio::awaitable<std::optional<A>>>;
      { object.getMany(keys) } -> std::same_as<asio::awaitable<std::vector<std::optional<A>>>>;
      { object.set(key, value) } -> std::same_as<asio::awaitable<void>>;
      { object.remove(key) } -> std::same_as<asio::awaitable<void>>;
    };

template <class T, class A>
concept SetsWithTimeToLive = requires(T& object, std::string key, const A& value) {
  { object.set(key, value, std::chrono::milliseconds()) } -> std::same_as<asio::awaitable<void>>;
};

template <class T>
concept Clears = requires(T& object) {
  { object.clear() } -> std::same_as<asio::awaitable<void>>;
};

/// The A of an object's `get`.
template <class T>
using ValueOf = typename decltype(std::declval<T&>().get(std::string()))::value_type::value_type;

/// `object.set`, with a time to live where there is one. The value has to outlive the awaitable.
template <class T, class A>
asio::awaitable<void> setIn(T& object, std::string key, const A& value, TimeToLive timeToLive) {
  if constexpr (SetsWithTimeToLive<T, A>) {
    if (timeToLive) return object.set(std::move(key), value, *timeToLive);
  }
  if (timeToLive)
    throw backing::Failure(BackingErrc::unsupported, "the object takes no time to live");
  return object.set(std::move(key), value);
}

template <class T>
asio::awaitable<void> clearIn(T& object) {
  if constexpr (Clears<T>) {
    return object.clear();
  } else {
    throw backing::Failure(BackingErrc::unsupported, "the object has no clear()");
  }
}

/// The object as a store of bytes, so that a schema can be put on top of it.
template <class T>
class ObjectStore final : public backing::Store {
 public:
  explicit ObjectStore(std::shared_ptr<T> object) : object_(std::move(object)) {}

  asio::awaitable<void> read(std::span<const std::string> keys, backing::Sink& sink) override {
    std::vector<std::string> names(keys.begin(), keys.end());
    const auto values = co_await object_->getMany(std::move(names));
    checkSlots(keys.size(), values.size());
    for (std::size_t i = 0; i < values.size(); ++i)
      if (values[i]) sink.found(i, values[i]->bytes());
  }

  asio::awaitable<void> readOne(const std::string& key, backing::Sink& sink) override {
    const std::optional<Unknown> value = co_await object_->get(key);
    if (value) sink.found(0, value->bytes());
  }

  asio::awaitable<void> write(std::span<backing::Entry> entries) override {
    for (const backing::Entry& entry : entries)
      co_await setIn<T, Unknown>(*object_, entry.key, entry.value, entry.timeToLive);
  }

  asio::awaitable<void> remove(const std::string& key) override { return object_->remove(key); }

  asio::awaitable<void> clear() override { return clearIn(*object_); }

 private:
  std::shared_ptr<T> object_;
};

/// The object as a typed store.
template <class A, class T>
class ObjectOperations final : public Operations<A> {
  using Object = std::shared_ptr<T>;

 public:
  using typename Operations<A>::Self;

  explicit ObjectOperations(Object object) : object_(std::move(object)) {}

  asio::awaitable<std::optional<A>> get(const Self&, std::string&& key) const override {
    return read(object_, std::move(key));
  }
  asio::awaitable<std::vector<std::optional<A>>> getMany(
      const Self&, std::vector<std::string>&& keys) const override {
    return readMany(object_, std::move(keys));
  }
  // The value is copied here, which may fail.
  asio::awaitable<void> set(const Self&, std::string&& key, const A& value,
                            TimeToLive timeToLive) const override try {
    if (isOver(timeToLive)) return nothing();
    return write(object_, std::move(key), value, timeToLive);
  } catch (...) {
    return failedAs("set");
  }
  asio::awaitable<void> setMany(const Self&, std::vector<std::pair<std::string, A>>&& entries,
                                TimeToLive timeToLive) const override {
    if (isOver(timeToLive)) return nothing();
    return writeMany(object_, std::move(entries), timeToLive);
  }
  asio::awaitable<void> remove(const Self&, std::string&& key) const override {
    return removeOne(object_, std::move(key));
  }
  asio::awaitable<void> removeMany(const Self&, std::vector<std::string>&& keys) const override {
    return removeAll(object_, std::move(keys));
  }
  asio::awaitable<void> clear(const Self&) const override { return clearAll(object_); }

  asio::awaitable<bool> setIfAbsent(const Self&, std::string&& key, const A&,
                                    TimeToLive) const override {
    return lacks<bool>("setIfAbsent", std::move(key));
  }
  asio::awaitable<std::optional<A>> update(const Self&, std::string&& key, Update<A>&,
                                           TimeToLive) const override {
    return lacks<std::optional<A>>("update", std::move(key));
  }
  asio::awaitable<std::optional<Stored<A>>> find(const Self&, std::string&& key) const override {
    return lacks<std::optional<Stored<A>>>("find", std::move(key));
  }
  asio::awaitable<KeyPage> keys(const Self&, KeyQuery&&) const override {
    return lacks<KeyPage>("keys", {});
  }

 private:
  template <class Result>
  static asio::awaitable<Result> lacks(std::string method, std::string key) {
    return refuse<Result>(std::move(method), std::move(key), BackingErrc::unsupported,
                          "a store that is made of an object has no such operation");
  }

  static asio::awaitable<std::optional<A>> read(Object object, std::string key) {
    checkKey("get", key);
    try {
      co_return co_await object->get(key);
    } catch (...) {
      rethrowAs("get", key);
    }
  }

  static asio::awaitable<std::vector<std::optional<A>>> readMany(Object object,
                                                                 std::vector<std::string> keys) {
    for (const std::string& key : keys) checkKey("getMany", key);
    if (keys.empty()) co_return std::vector<std::optional<A>>();
    try {
      const std::size_t expected = keys.size();
      auto values = co_await object->getMany(std::move(keys));
      checkSlots(expected, values.size());
      co_return values;
    } catch (...) {
      rethrowAs("getMany");
    }
  }

  // Takes a copy of the value: the object may be a coroutine that borrows it.
  static asio::awaitable<void> write(Object object, std::string key, A value,
                                     TimeToLive timeToLive) {
    static_assert(std::copy_constructible<A>,
                  "persistance: a store made of an object copies the values that are set");
    checkKey("set", key);
    try {
      co_await setIn<T, A>(*object, key, value, timeToLive);
    } catch (...) {
      rethrowAs("set", key);
    }
  }

  static asio::awaitable<void> writeMany(Object object,
                                         std::vector<std::pair<std::string, A>> entries,
                                         TimeToLive timeToLive) {
    for (const auto& entry : entries) checkKey("setMany", entry.first);
    try {
      for (const auto& [key, value] : entries)
        co_await setIn<T, A>(*object, key, value, timeToLive);
    } catch (...) {
      rethrowAs("setMany");
    }
  }

  static asio::awaitable<void> removeOne(Object object, std::string key) {
    checkKey("remove", key);
    try {
      co_await object->remove(key);
    } catch (...) {
      rethrowAs("remove", key);
    }
  }

  static asio::awaitable<void> removeAll(Object object, std::vector<std::string> keys) {
    for (const std::string& key : keys) checkKey("removeMany", key);
    try {
      for (const std::string& key : keys) co_await object->remove(key);
    } catch (...) {
      rethrowAs("removeMany");
    }
  }

  static asio::awaitable<void> clearAll(Object object) {
    try {
      co_await clearIn(*object);
    } catch (...) {
      rethrowAs("clear");
    }
  }

  Object object_;
};

/// The operations of a Persistance<A> that is made of an object. One of encoded values is a store of
/// bytes, so that a schema can go on top.
template <class A, class T>
typename Operations<A>::Self overObject(std::shared_ptr<T> object) {
  if (!object) return unmade<A>();
  if constexpr (std::same_as<A, Unknown>) {
    return overBytes<A>(std::make_shared<ObjectStore<T>>(std::move(object)), schema::of<Unknown>(),
                        InvalidEntry::perOperation);
  } else {
    using Made = const ObjectOperations<A, T>;
    return Held<Made>(new ObjectOperations<A, T>(std::move(object)));
  }
}

}  // namespace persistance::detail
