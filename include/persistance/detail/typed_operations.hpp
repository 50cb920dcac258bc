#pragma once
/// @file
/// A typed store: a schema over bytes.

#include <persistance/detail/byte_operations.hpp>
#include <persistance/detail/guard.hpp>
#include <persistance/detail/invalid_entry.hpp>
#include <persistance/detail/operations.hpp>
#include <persistance/schema/schema.hpp>
#include <persistance/store_options.hpp>

namespace persistance::detail {

/// Decodes what a read finds, slot by slot, and remembers what did not decode.
template <class A>
class Decoded final : public backing::Sink {
 public:
  struct Invalid {
    std::size_t slot;
    Unknown bytes;
    std::vector<schema::Issue> issues;
  };

  Decoded(const Schema<A>& schema, const schema::Limits& limits, std::span<std::optional<A>> slots)
      : schema_(schema), limits_(limits), slots_(slots) {}

  void found(std::size_t slot, std::span<const std::byte> bytes) override {
    std::optional<A>& value = slots_[slot];
    if (schema::decode(schema_, bytes, value.emplace(), issues_, limits_)) return;
    value.reset();
    invalid.push_back(Invalid{slot, Unknown::fromBytes(bytes), std::exchange(issues_, {})});
  }

  std::vector<Invalid> invalid;

 private:
  const Schema<A>& schema_;
  const schema::Limits& limits_;
  std::span<std::optional<A>> slots_;
  std::vector<schema::Issue> issues_;  // empty between two values
};

template <class A>
class TypedOperations final : public Operations<A> {
 public:
  using typename Operations<A>::Self;

  TypedOperations(StorePointer store, Schema<A> schema, const StoreOptions& options)
      : store_(std::move(store)), schema_(std::move(schema)), options_(options) {}

  asio::awaitable<std::optional<A>> get(const Self& self, std::string&& key) const override {
    return read(self.lease(), *this, std::move(key));
  }

  asio::awaitable<std::vector<std::optional<A>>> getMany(
      const Self& self, std::vector<std::string>&& keys) const override {
    return readMany(self.lease(), *this, std::move(keys));
  }

  // The value is encoded here, while it is certain to live; only bytes travel on. What goes wrong
  // with it is thrown where the awaitable is awaited.
  asio::awaitable<void> set(const Self& self, std::string&& key, const A& value,
                            TimeToLive timeToLive) const override try {
    if (isOver(timeToLive)) return nothing();
    return write(self.lease(), *store_, encoded("set", std::move(key), value, timeToLive),
                 messages());
  } catch (...) {
    return failed(std::current_exception());
  }

  asio::awaitable<void> setMany(const Self& self, std::vector<std::pair<std::string, A>>&& entries,
                                TimeToLive timeToLive) const override {
    if (isOver(timeToLive)) return nothing();
    return encodeMany(self.lease(), *this, std::move(entries), timeToLive);
  }

  asio::awaitable<void> remove(const Self& self, std::string&& key) const override {
    return detail::remove(self.lease(), *store_, std::move(key), messages());
  }

  asio::awaitable<void> removeMany(const Self& self,
                                   std::vector<std::string>&& keys) const override {
    return detail::removeMany(self.lease(), *store_, std::move(keys), messages());
  }

  asio::awaitable<void> clear(const Self& self) const override {
    return detail::clear(self.lease(), *store_, messages());
  }

  asio::awaitable<bool> setIfAbsent(const Self& self, std::string&& key, const A& value,
                                    TimeToLive timeToLive) const override try {
    if (isOver(timeToLive)) return notStored();
    backing::Entry entry = encoded("setIfAbsent", std::move(key), value, timeToLive);
    return exchange(
        self.lease(), *store_, "setIfAbsent",
        backing::Exchange(std::move(entry.key), std::nullopt, std::move(entry.value), timeToLive),
        messages());
  } catch (...) {
    return notStored(std::current_exception());
  }

  asio::awaitable<std::optional<A>> update(const Self& self, std::string&& key, Update<A>& step,
                                           TimeToLive timeToLive) const override {
    return change(self.lease(), *this, std::move(key), step, timeToLive);
  }

  asio::awaitable<std::optional<Stored<A>>> find(const Self& self,
                                                 std::string&& key) const override {
    return readStored(self.lease(), *this, std::move(key));
  }

  asio::awaitable<KeyPage> keys(const Self& self, KeyQuery&& query) const override {
    return listKeys(self.lease(), *store_, std::move(query), messages());
  }

  std::shared_ptr<backing::Store> bytes() const override { return store_; }

 private:
  backing::Entry encoded(const char* method, std::string&& key, const A& value,
                         TimeToLive timeToLive) const {
    Unknown bytes = encoded(method, key, value);
    return backing::Entry(std::move(key), std::move(bytes), timeToLive);
  }

  Unknown encoded(const char* method, const std::string& key, const A& value) const {
    std::vector<schema::Issue> issues;
    Unknown bytes = schema::encode(schema_, value, issues, options_.limits);
    if (!issues.empty()) throw refused(method, key, std::move(issues));
    return bytes;
  }

  [[nodiscard]] Messages messages() const noexcept {
    return options_.redact ? Messages::redacted : Messages::full;
  }

  PersistanceSchemaError refused(const char* method, std::string key,
                                 std::vector<schema::Issue> issues) const {
    if (options_.redact) {
      key.clear();
      schema::Shapes shapes;
      const schema::Shape shape = schema_.shape(shapes);
      schema::detail::hideValues(shapes.whole(shape).tree(), issues);
    }
    return PersistanceSchemaError(method, std::move(key), std::move(issues));
  }

  // What many values hold is given back as they are encoded, and not all at once.
  static void release(A& value) { [[maybe_unused]] const A taken(std::move(value)); }

  static asio::awaitable<void> encodeMany(Lease /*lease*/, const TypedOperations& self,
                                          std::vector<std::pair<std::string, A>> entries,
                                          TimeToLive timeToLive) {
    std::vector<backing::Entry> all;
    all.reserve(entries.size());
    for (auto& [key, value] : entries) {
      all.push_back(self.encoded("setMany", std::move(key), value, timeToLive));
      release(value);
      if (turnIsOver(1)) co_await nextTurn();
    }
    co_await writeMany(Lease(), *self.store_, std::move(all), self.messages());
  }

  static asio::awaitable<std::optional<A>> read(Lease /*lease*/, const TypedOperations& self,
                                                std::string key) {
    checkKey("get", key, self.messages());
    std::optional<A> value;
    Decoded<A> decoded(self.schema_, self.options_.limits, {&value, 1});
    try {
      auto pending = rest(self.store_->readOne(key, decoded), 1);
      if (pending.valid()) co_await std::move(pending);
    } catch (...) {
      rethrowAs("get", key, self.messages());
    }
    if (!decoded.invalid.empty())
      co_await settle(self, "get", std::move(key), std::move(decoded.invalid.front()));
    co_return value;
  }

  static asio::awaitable<std::optional<Stored<A>>> readStored(Lease /*lease*/,
                                                              const TypedOperations& self,
                                                              std::string key) {
    checkKey("find", key, self.messages());
    std::optional<A> value;
    TimeToLive timeToLive;
    Decoded<A> decoded(self.schema_, self.options_.limits, {&value, 1});
    try {
      auto pending = rest(self.store_->find(key, decoded, timeToLive), 1);
      if (pending.valid()) co_await std::move(pending);
    } catch (...) {
      rethrowAs("find", key, self.messages());
    }
    if (!decoded.invalid.empty())
      co_await settle(self, "find", std::move(key), std::move(decoded.invalid.front()));
    if (!value) co_return std::nullopt;
    co_return Stored<A>(std::move(*value), timeToLive);
  }

  // What becomes of an entry that a read of one key could not decode.
  static asio::awaitable<void> settle(const TypedOperations& self, const char* method,
                                      std::string key, typename Decoded<A>::Invalid invalid) {
    if (getFails(self.options_.invalidEntry))
      throw self.refused(method, std::move(key), std::move(invalid.issues));
    if (getRemoves(self.options_.invalidEntry))
      co_await removeInvalid(*self.store_, std::move(key), std::move(invalid.bytes));
  }

  static asio::awaitable<std::optional<A>> change(Lease /*lease*/, const TypedOperations& self,
                                                  std::string key, Update<A>& step,
                                                  TimeToLive timeToLive) {
    for (int attempt = 0; attempt < mostUpdateAttempts; ++attempt) {
      std::optional<Unknown> found =
          co_await readBytes(*self.store_, "update", key, self.messages());
      std::optional<A> current;
      if (found) self.decodeForUpdate(key, *found, current.emplace());
      if (isOver(timeToLive)) co_return current;
      std::optional<A> next = step.next(std::move(current));
      if (!next && !found) co_return std::nullopt;
      std::optional<Unknown> desired;
      if (next) desired = self.encoded("update", key, *next);
      backing::Exchange attempted(key, std::move(found), std::move(desired), timeToLive);
      if (co_await exchange(Lease(), *self.store_, "update", std::move(attempted), self.messages()))
        co_return next;
    }
    throwOvertaken(key, self.messages());
  }

  void decodeForUpdate(const std::string& key, const Unknown& found, A& value) const {
    std::vector<schema::Issue> issues;
    if (!schema::decode(schema_, found.bytes(), value, issues, options_.limits))
      throw refused("update", key, std::move(issues));
  }

  static asio::awaitable<std::vector<std::optional<A>>> readMany(Lease /*lease*/,
                                                                 const TypedOperations& self,
                                                                 std::vector<std::string> keys) {
    for (const std::string& key : keys) checkKey("getMany", key, self.messages());
    std::vector<std::optional<A>> values(keys.size());
    Decoded<A> decoded(self.schema_, self.options_.limits, values);
    try {
      if (!keys.empty()) {
        auto pending = rest(self.store_->read(keys, decoded), keys.size());
        if (pending.valid()) co_await std::move(pending);
      }
    } catch (...) {
      rethrowAs("getMany", "", self.messages());
    }
    for (auto& invalid : decoded.invalid) {
      if (getManyFails(self.options_.invalidEntry))
        throw self.refused("getMany", keys[invalid.slot], std::move(invalid.issues));
      if (getManyRemoves(self.options_.invalidEntry))
        co_await removeInvalid(*self.store_, keys[invalid.slot], std::move(invalid.bytes));
    }
    co_return values;
  }

  StorePointer store_;
  Schema<A> schema_;
  StoreOptions options_;
};

/// The operations of a Persistance<A> that is a schema over a store of bytes.
template <class A>
typename Operations<A>::Self overBytes(StorePointer store, Schema<A> schema, StoreOptions options) {
  if (!store) return unmade<A>();
  using Typed = const TypedOperations<A>;
  return Held<Typed>(new TypedOperations<A>(std::move(store), std::move(schema), options));
}

/// Opens the bytes of a store in a backing, and puts a schema on top.
template <class Store, class Backing, class A>
asio::awaitable<Store> typedStore(std::shared_ptr<Backing> backing, std::string storeId,
                                  Schema<A> schema, StoreOptions options) {
  try {
    if (!backing) throw backing::Failure(BackingErrc::closed, "there is no backing");
    StorePointer store = co_await backing->open(std::move(storeId));
    co_return Store(std::move(store), std::move(schema), options);
  } catch (...) {
    rethrowAs("make");
  }
}

}  // namespace persistance::detail
