#pragma once
/// @file
/// Effect's Persistance for Asio: a typed store, the two services that make one, and their layers,
/// in the order and with the names of that module's page.
///
///     layer::run(layerSchemaMemory, [](SchemaPersistance& stores) -> asio::awaitable<void> {
///       auto users = co_await stores.make<User>("users");
///       User ada("Ada", 36);
///       co_await users.set("ada", ada);
///       std::optional<User> found = co_await users.get("ada");
///     });

#include <persistance/asio.hpp>
#include <persistance/backing/memory.hpp>
#include <persistance/detail/object_operations.hpp>
#include <persistance/detail/typed_operations.hpp>
#include <persistance/error.hpp>
#include <persistance/extensions.hpp>
#include <persistance/invalid_entry.hpp>
#include <persistance/layer.hpp>
#include <persistance/schema.hpp>
#include <persistance/store_options.hpp>
#include <persistance/unknown.hpp>

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace persistance {

// errors: those of <persistance/error.hpp>

// layers
class BackingPersistance;
class SchemaPersistance;

/// A backing in memory; <persistance/backing/memory.hpp> says more, and has options.
extern inline const layer::Layer<layer::Requires<>, layer::Provides<BackingPersistance>>
    layerMemory;

/// Typed stores over whichever backing is provided.
extern inline const layer::Layer<layer::Requires<BackingPersistance>,
                                 layer::Provides<SchemaPersistance>>
    layerSchema;

/// Typed stores in memory: layerSchema with layerMemory provided.
extern inline const layer::Layer<layer::Requires<>, layer::Provides<SchemaPersistance>>
    layerSchemaMemory;

// models
template <class A>
class Persistance;

/// Makes stores of encoded values; a service. Memory, LMDB and Redis are implementations; yours
/// overrides make(), and the contract suite (test/contract/README.md) tests it.
///
/// @par Errors        PersistanceBackingError, method "make".
/// @par Cancellation  Terminal; ends with operation_aborted.
/// @par Threads       Any number of threads at once, on one object or several; a coroutine resumes
///                    on its own executor.
class BackingPersistance {
 public:
  static constexpr layer::TypeId typeId{"persistance/BackingPersistance"};
  virtual ~BackingPersistance() = default;
  BackingPersistance& operator=(BackingPersistance&&) = delete;

  /// The store of that id: the same one for the same id, as long as this service lives.
  [[nodiscard]] virtual asio::awaitable<Persistance<Unknown>> make(std::string storeId) = 0;

  /// The bytes behind make(), for a schema to go on top: by default, those of what make() gives.
  [[nodiscard]] virtual asio::awaitable<std::shared_ptr<backing::Store>> open(std::string storeId);
};

/// Values of type A under string keys: a cheap handle on a store. Keys are 0 to 65,536 bytes.
///
/// @par Errors        PersistanceBackingError, PersistanceSchemaError where an operation says so,
///                    and bad_alloc; from the awaitable.
/// @par Cancellation  Terminal; ends with operation_aborted. A value is written wholly or not at
///                    all.
/// @par Threads       Any number of threads at once, on one object or several; a coroutine resumes
///                    on its own executor.
/// @par Lifetime      An awaitable keeps what it needs alive.
/// @par Cost          An operation is one call to the backing, and one encode or decode a value.
/// @par Base          Beyond that page: setIfAbsent, update, find, keys, removeMany (extensions.hpp).
template <class A>
class Persistance : public Extensions<Persistance<A>, A> {
 public:
  /// Reads the value under `key`; nullopt where nothing is stored or its time to live has run out.
  /// @par Errors  PersistanceSchemaError when the value no longer fits the schema; the entry stays
  ///              (unless the store was made with another InvalidEntry).
  [[nodiscard]] asio::awaitable<std::optional<A>> get(std::string key) const {
    return operations_->get(operations_, std::move(key));
  }

  /// Reads many values: slot `i` answers `keys[i]`. No keys: an empty vector, and no call to the
  /// backing. A value that no longer fits the schema is an empty slot, and its entry is removed,
  /// unless it carries a version, or the store was made with another InvalidEntry.
  [[nodiscard]] asio::awaitable<std::vector<std::optional<A>>> getMany(
      std::vector<std::string> keys) const {
    return operations_->getMany(operations_, std::move(keys));
  }

  /// Stores `value` under `key`, in place of what was there; for ever, or for `timeToLive`, rounded
  /// up to milliseconds. Zero, less or NaN: nothing is encoded or written, what was there stays, and
  /// it is no error. The call encodes the value, which may change before the awaitable is awaited.
  /// @par Errors  PersistanceSchemaError when the value does not fit the schema; then nothing is
  ///              written.
  [[nodiscard]] asio::awaitable<void> set(std::string key, const A& value) const {
    return operations_->set(operations_, std::move(key), value, std::nullopt);
  }
  [[nodiscard]] asio::awaitable<void> set(std::string key, const A& value,
                                          std::chrono::milliseconds timeToLive) const {
    return operations_->set(operations_, std::move(key), value, timeToLive);
  }
  using Persistance::Overloads::set;  // for a duration of any unit

  /// Stores many values as set() does; of a repeated key the last one. On memory and LMDB, all or
  /// nothing.
  /// @par Errors  As set(), with the key of the first value that does not fit.
  [[nodiscard]] asio::awaitable<void> setMany(
      std::vector<std::pair<std::string, A>> entries) const {
    return operations_->setMany(operations_, std::move(entries), std::nullopt);
  }
  [[nodiscard]] asio::awaitable<void> setMany(std::vector<std::pair<std::string, A>> entries,
                                              std::chrono::milliseconds timeToLive) const {
    return operations_->setMany(operations_, std::move(entries), timeToLive);
  }
  using Persistance::Overloads::setMany;

  /// Removes the value under `key`; an absent one is no error.
  [[nodiscard]] asio::awaitable<void> remove(std::string key) const {
    return operations_->remove(operations_, std::move(key));
  }

  /// Removes every value of this store, and of no other. When cancelled, some may be left.
  [[nodiscard]] asio::awaitable<void> clear() const { return operations_->clear(operations_); }

  /// A handle without a store, as one of a null pointer: each operation fails with `closed`.
  Persistance() : operations_(detail::unmade<A>()) {}

  /// A store made of any object that has get, getMany, set and remove with these signatures; clear,
  /// and set with a time to live, are `unsupported` where it lacks them. setMany sets one after the
  /// other, and ends at the first failure. What the object throws becomes a PersistanceBackingError
  /// with that cause: `unavailable`, or the BackingErrc that it carries. getMany with another number
  /// of slots than keys is `protocol`.
  template <class T>
    requires detail::PersistanceLike<T, A>
  Persistance(std::shared_ptr<T> object)  // NOLINT(google-explicit-constructor): as in Effect
      : operations_(detail::overObject<A>(std::move(object))) {}

  /// A schema over a store of bytes.
  Persistance(std::shared_ptr<backing::Store> store, Schema<A> schema,
              StoreOptions options = StoreOptions())
      : operations_(detail::overBytes<A>(std::move(store), std::move(schema), options)) {}

  /// A store of bytes as it is, for the make() of a backing.
  explicit Persistance(std::shared_ptr<backing::Store> store)
    requires std::same_as<A, Unknown>
      : Persistance(std::move(store), schema::of<Unknown>()) {}

 private:
  friend class BackingPersistance;
  friend class Extensions<Persistance, A>;

  typename detail::Operations<A>::Self operations_;  // never null
};

/// Makes typed stores; a service.
/// @par Errors, cancellation, threads  As BackingPersistance.
class SchemaPersistance {
 public:
  static constexpr layer::TypeId typeId{"persistance/SchemaPersistance"};

  explicit SchemaPersistance(std::shared_ptr<BackingPersistance> backing)
      : backing_(std::move(backing)) {}

  /// The store of that id, its values of `schema`: by default the one that A declares, else a
  /// built-in one (numbers, strings, vector, map ...; schema::of() has the list). `options` may be an
  /// InvalidEntry.
  template <class A>
  [[nodiscard]] asio::awaitable<Persistance<A>> make(std::string storeId,
                                                     StoreOptions options = StoreOptions()) {
    return make<A>(std::move(storeId), Schema<A>(schema::of<A>()), options);
  }
  template <class A>
  [[nodiscard]] asio::awaitable<Persistance<A>> make(std::string storeId, Schema<A> schema,
                                                     StoreOptions options = StoreOptions()) {
    (void)schema::detail::NoDefaultConstructor<A>{};
    return detail::typedStore<Persistance<A>>(backing_, std::move(storeId), std::move(schema),
                                              options);
  }
  template <schema::SchemaLike S>
  [[nodiscard]] asio::awaitable<Persistance<typename S::Value>> make(
      std::string storeId, S schema, StoreOptions options = StoreOptions()) {
    using A = typename S::Value;
    return make<A>(std::move(storeId), Schema<A>(std::move(schema)), options);
  }

 private:
  std::shared_ptr<BackingPersistance> backing_;
};

// tags: a service's class is its tag, as in layer::Requires<BackingPersistance>; type ids
inline constexpr layer::TypeId BackingPersistanceTypeId = BackingPersistance::typeId;
inline constexpr layer::TypeId SchemaPersistanceTypeId = SchemaPersistance::typeId;

// utils: `Persistance store(object);` finds A in the object
template <class T>
Persistance(std::shared_ptr<T>) -> Persistance<detail::ValueOf<T>>;

inline decltype(layerMemory) layerMemory = layerMemoryWith(MemoryOptions());
inline decltype(layerSchema) layerSchema =
    layer::sync<SchemaPersistance>([](std::shared_ptr<BackingPersistance> backing) {
      return std::make_shared<SchemaPersistance>(std::move(backing));
    });
inline decltype(layerSchemaMemory) layerSchemaMemory = layer::provide(layerSchema, layerMemory);

}  // namespace persistance
