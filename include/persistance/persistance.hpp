#pragma once
/// @file
/// The seed's module: a typed store, the two services that make one, and their layers.
///
///     layer::run(layerSchemaMemory, [](SchemaPersistance& stores) -> asio::awaitable<void> {
///       auto users = co_await stores.make<User>("users");
///       User ada("Ada", 36);
///       co_await users.set("ada", ada);
///       std::optional<User> found = co_await users.get("ada");
///     });

#include <chrono>
#include <concepts>
#include <memory>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include <persistance/asio.hpp>
#include <persistance/backing/memory.hpp>
#include <persistance/detail/object_operations.hpp>
#include <persistance/detail/time_to_live.hpp>
#include <persistance/detail/typed_operations.hpp>
#include <persistance/error.hpp>
#include <persistance/invalid_entry.hpp>
#include <persistance/layer.hpp>
#include <persistance/schema.hpp>
#include <persistance/unknown.hpp>

namespace persistance {

/// A store of values of type A under string keys: a cheap handle that keeps its store alive.
///
/// Keys are bytes, 0 to 65,536 of them. Every operation throws, from the awaitable: a
/// PersistanceBackingError (`tooLarge` for a longer key, `closed` once the layer that made the
/// store is closed, else what the backing met), operation_aborted when it was cancelled, or
/// bad_alloc; a PersistanceSchemaError where it says so.
///
/// @par Threads   Any number at once, on one object or several; resumes on the caller's executor.
/// @par Lifetime  An awaitable keeps its store alive, and needs neither this handle nor the
/// arguments.
/// @par Source    seed: Persistance
template <class A>
class Persistance {
 public:
  /// A handle without a store: each operation fails with `closed`.
  Persistance() : operations_(std::make_shared<const detail::Unmade<A>>()) {}

  /// A store made of any object that has get, getMany, set and remove with the signatures below.
  /// Where the object also has clear, or set with a time to live, they are used; else these fail
  /// with `unsupported`. What the object throws becomes a PersistanceBackingError with that cause.
  /// @par Source  seed: Persistance (the constructor)
  template <class T>
    requires detail::PersistanceLike<T, A>
  Persistance(std::shared_ptr<T> object)  // NOLINT(google-explicit-constructor): as the seed has it
      : operations_(overObject(std::move(object))) {}

  /// A schema over a store of bytes. Services make stores; this is what they make them with.
  Persistance(std::shared_ptr<backing::Store> store, Schema<A> schema,
              InvalidEntry invalidEntry = InvalidEntry::perOperation)
      : operations_(std::make_shared<const detail::TypedOperations<A>>(
            std::move(store), std::move(schema), invalidEntry)) {}

  /// A store of bytes as it is: what a backing's make() gives.
  explicit Persistance(std::shared_ptr<backing::Store> store)
    requires std::same_as<A, Unknown>
      : Persistance(std::move(store), schema::of<Unknown>()) {}

  /// Reads the value under `key`.
  ///
  /// @par Returns       The value, or nullopt where nothing is stored or its time to live has run
  /// out.
  /// @par Errors        PersistanceSchemaError when the value no longer fits the schema; the entry
  /// stays.
  ///                    (InvalidEntry says otherwise where the store was made with another policy.)
  /// @par Cancellation  Terminal; ends with operation_aborted; nothing is left behind.
  /// @par Threads       Any number at once, on one object or several; resumes on the caller's
  /// executor.
  /// @par Cost          One call to the backing and one decode.
  /// @par Source        seed: Persistance.get
  [[nodiscard]] asio::awaitable<std::optional<A>> get(std::string key) const {
    return operations_->get(operations_, std::move(key));
  }

  /// Reads many values in one call to the backing.
  ///
  /// Slot `i` answers `keys[i]`: the value, or nullopt where nothing is stored or its time to live
  /// has run out. Order and repeats are kept. No keys: an empty vector, and the backing is not
  /// called.
  ///
  /// @par Returns       Exactly `keys.size()` slots.
  /// @par Errors        PersistanceBackingError when the backing fails; then no slot is handed out.
  /// A
  ///                    value that no longer fits the schema is an empty slot, and its entry is
  ///                    removed.
  /// @par Cancellation  Terminal; ends with operation_aborted; nothing is left behind.
  /// @par Threads       Any number at once, on one object or several; resumes on the caller's
  /// executor.
  /// @par Cost          One call to the backing and `keys.size()` decodes.
  /// @par Source        seed: Persistance.getMany
  [[nodiscard]] asio::awaitable<std::vector<std::optional<A>>> getMany(
      std::vector<std::string> keys) const {
    return operations_->getMany(operations_, std::move(keys));
  }

  /// Stores `value` under `key` for ever, in place of what was there.
  ///
  /// The value is encoded by the call itself, so it may change or end before the awaitable is
  /// awaited; an error of that is thrown by the await.
  ///
  /// @par Errors        PersistanceSchemaError when the value does not fit the schema; then nothing
  /// is
  ///                    written.
  /// @par Cancellation  Terminal; ends with operation_aborted; the value is stored wholly or not at
  /// all.
  /// @par Threads       Any number at once, on one object or several; resumes on the caller's
  /// executor.
  /// @par Cost          One encode and one call to the backing.
  /// @par Source        seed: Persistance.set
  [[nodiscard]] asio::awaitable<void> set(std::string key, const A& value) const {
    return operations_->set(operations_, std::move(key), value, std::nullopt);
  }

  /// The same, and the value is gone once `timeToLive` has passed: at its very end it is absent.
  /// Zero or less: nothing is encoded, nothing written, no error. Fractions of a millisecond are
  /// rounded up; a time beyond the clock's end is for ever.
  [[nodiscard]] asio::awaitable<void> set(std::string key, const A& value,
                                          std::chrono::milliseconds timeToLive) const {
    return operations_->set(operations_, std::move(key), value, timeToLive);
  }
  template <class Rep, class Period>
  [[nodiscard]] asio::awaitable<void> set(std::string key, const A& value,
                                          std::chrono::duration<Rep, Period> timeToLive) const {
    return set(std::move(key), value, detail::toMilliseconds(timeToLive));
  }

#if defined(__GNUC__) && __GNUC__ == 12 && !defined(__clang__)
  // g++ 12 destroys such a temporary twice inside a co_await expression, whatever its callee does.
  template <class... TimeToLive>
  asio::awaitable<void> set(std::string key, A&& value, TimeToLive... timeToLive) const
    requires detail::UnsafeTemporary<A>
  {
    static_assert(
        !detail::UnsafeTemporary<A>,
        "persistance: g++ 12 destroys an aggregate temporary twice in a co_await "
        "expression; name the value first: `User user{...}; co_await users.set(key, user);`");
    return set(std::move(key), std::as_const(value), timeToLive...);
  }
#endif

  /// Stores many values at once; of a repeated key the last one.
  ///
  /// @par Errors        PersistanceSchemaError with the key of the first value that does not fit
  /// the
  ///                    schema; then nothing is written.
  /// @par Cancellation  Terminal; ends with operation_aborted; each value is stored wholly or not
  /// at all,
  ///                    and on an atomic backing (memory, LMDB) all or none.
  /// @par Threads       Any number at once, on one object or several; resumes on the caller's
  /// executor.
  /// @par Cost          `entries.size()` encodes and one call to the backing.
  [[nodiscard]] asio::awaitable<void> setMany(
      std::vector<std::pair<std::string, A>> entries) const {
    return operations_->setMany(operations_, std::move(entries), std::nullopt);
  }

  /// The same with a time to live for each of them, as in set().
  [[nodiscard]] asio::awaitable<void> setMany(std::vector<std::pair<std::string, A>> entries,
                                              std::chrono::milliseconds timeToLive) const {
    return operations_->setMany(operations_, std::move(entries), timeToLive);
  }
  template <class Rep, class Period>
  [[nodiscard]] asio::awaitable<void> setMany(std::vector<std::pair<std::string, A>> entries,
                                              std::chrono::duration<Rep, Period> timeToLive) const {
    return setMany(std::move(entries), detail::toMilliseconds(timeToLive));
  }

  /// Removes the value under `key`; an absent one is no error.
  ///
  /// @par Cancellation  Terminal; ends with operation_aborted; the value is removed or it is not.
  /// @par Threads       Any number at once, on one object or several; resumes on the caller's
  /// executor.
  /// @par Cost          One call to the backing.
  /// @par Source        seed: Persistance.remove
  [[nodiscard]] asio::awaitable<void> remove(std::string key) const {
    return operations_->remove(operations_, std::move(key));
  }

  /// Removes every value of this store, and of no other, whatever characters its id has.
  ///
  /// @par Cancellation  Terminal; ends with operation_aborted; some values may be left.
  /// @par Threads       Any number at once, on one object or several; resumes on the caller's
  /// executor.
  /// @par Cost          One call to the backing.
  [[nodiscard]] asio::awaitable<void> clear() const { return operations_->clear(operations_); }

 private:
  friend class BackingPersistance;

  template <class T>
  static typename detail::Operations<A>::Self overObject(std::shared_ptr<T> object) {
    if constexpr (std::same_as<A, Unknown>) {
      return Persistance(std::make_shared<detail::ObjectStore<T>>(std::move(object))).operations_;
    } else {
      return std::make_shared<const detail::ObjectOperations<A, T>>(std::move(object));
    }
  }

  typename detail::Operations<A>::Self operations_;  // never null
};

/// `Persistance store(object);` finds A in the object.
template <class T>
Persistance(std::shared_ptr<T>) -> Persistance<detail::ValueOf<T>>;

/// The type ids of the two services.
/// @par Source  seed: BackingPersistanceTypeId, SchemaPersistanceTypeId
inline constexpr layer::TypeId BackingPersistanceTypeId{"persistance/BackingPersistance"};
inline constexpr layer::TypeId SchemaPersistanceTypeId{"persistance/SchemaPersistance"};

/// Makes stores of encoded values; a service. Memory, LMDB and Redis are implementations, and so
/// can be yours.
/// @par Source  seed: BackingPersistance
class BackingPersistance {
 public:
  static constexpr layer::TypeId typeId = BackingPersistanceTypeId;

  BackingPersistance() = default;
  BackingPersistance(const BackingPersistance&) = delete;
  BackingPersistance& operator=(const BackingPersistance&) = delete;
  virtual ~BackingPersistance() = default;

  /// The store of that id: the same one for the same id, as long as this service lives.
  ///
  /// @par Errors        PersistanceBackingError ("make").
  /// @par Cancellation  Terminal; ends with operation_aborted; nothing is left behind.
  /// @par Threads       Any number at once, on one object or several.
  [[nodiscard]] virtual asio::awaitable<Persistance<Unknown>> make(std::string storeId) = 0;

  /// The bytes behind make(), for whoever puts a schema of its own on top; as make() otherwise. A
  /// backing need not write it: by default it is taken out of what make() gives.
  [[nodiscard]] virtual asio::awaitable<std::shared_ptr<backing::Store>> open(std::string storeId);
};

/// Makes typed stores; a service.
/// @par Source  seed: SchemaPersistance
class SchemaPersistance {
 public:
  static constexpr layer::TypeId typeId = SchemaPersistanceTypeId;

  explicit SchemaPersistance(std::shared_ptr<BackingPersistance> backing)
      : backing_(std::move(backing)) {}

  /// The store of that id, its values of the schema that A declares, else of a built-in one
  /// (numbers, strings, optional, vector, map ...), else of what nlohmann_json knows of A.
  ///
  /// @par Errors        PersistanceBackingError ("make").
  /// @par Cancellation  Terminal; ends with operation_aborted; nothing is left behind.
  /// @par Threads       Any number at once, on one object or several; resumes on the caller's
  /// executor.
  template <class A>
  [[nodiscard]] asio::awaitable<Persistance<A>> make(
      std::string storeId, InvalidEntry invalidEntry = InvalidEntry::perOperation) {
    return make<A>(std::move(storeId), Schema<A>(schema::of<A>()), invalidEntry);
  }

  /// The same with this schema.
  template <class A>
  [[nodiscard]] asio::awaitable<Persistance<A>> make(
      std::string storeId, Schema<A> schema,
      InvalidEntry invalidEntry = InvalidEntry::perOperation) {
    return over<A>(backing_, std::move(storeId), std::move(schema), invalidEntry);
  }
  template <schema::SchemaLike S>
  [[nodiscard]] asio::awaitable<Persistance<typename S::Value>> make(
      std::string storeId, S schema, InvalidEntry invalidEntry = InvalidEntry::perOperation) {
    using A = typename S::Value;
    return over<A>(backing_, std::move(storeId), Schema<A>(std::move(schema)), invalidEntry);
  }

 private:
  using Backing = std::shared_ptr<BackingPersistance>;

  template <class A>
  static asio::awaitable<Persistance<A>> over(Backing backing, std::string storeId,
                                              Schema<A> schema, InvalidEntry invalidEntry) {
    detail::StorePointer store = co_await open(std::move(backing), std::move(storeId));
    co_return Persistance<A>(std::move(store), std::move(schema), invalidEntry);
  }

  static asio::awaitable<detail::StorePointer> open(Backing backing, std::string storeId);

  Backing backing_;
};

/// A backing in memory, shared by every thread; it starts empty and ends with the layer.
///
/// Every operation completes at once, without a suspension but for one in a thousand, which gives
/// way to what else is ready. getMany sees, and setMany writes, all or nothing. Expired values are
/// removed a few at a time by the operations that follow.
/// @par Source  seed: layerMemory
[[nodiscard]] layer::Layer<layer::Requires<>, layer::Provides<BackingPersistance>> layerMemoryWith(
    MemoryOptions options);
inline const layer::Layer<layer::Requires<>, layer::Provides<BackingPersistance>> layerMemory =
    layerMemoryWith(MemoryOptions());

/// Typed stores over whichever backing is provided.
/// @par Source  seed: layerSchema
inline const layer::Layer<layer::Requires<BackingPersistance>, layer::Provides<SchemaPersistance>>
    layerSchema = layer::sync<SchemaPersistance>([](std::shared_ptr<BackingPersistance> backing) {
      return std::make_shared<SchemaPersistance>(std::move(backing));
    });

/// Typed stores in memory: layerSchema with layerMemory provided.
/// @par Source  seed: layerSchemaMemory
inline const layer::Layer<layer::Requires<>, layer::Provides<SchemaPersistance>> layerSchemaMemory =
    layer::provide(layerSchema, layerMemory);

}  // namespace persistance
