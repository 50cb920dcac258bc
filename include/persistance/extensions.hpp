#pragma once
/// @file
/// What a store can do beyond the module page.

#include <persistance/asio.hpp>
#include <persistance/detail/operations.hpp>
#include <persistance/detail/overloads.hpp>
#include <persistance/key_query.hpp>
#include <persistance/stored.hpp>

#include <chrono>
#include <concepts>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

namespace persistance {

/// A function of update(): what is stored (nullopt: nothing) in, what shall be stored out (nullopt:
/// nothing, the key is removed).
template <class F, class A>
concept UpdateOf =
    std::invocable<F&, std::optional<A>> &&
    std::convertible_to<std::invoke_result_t<F&, std::optional<A>>, std::optional<A>>;

/// Base of Store = Persistance<A>; what is said there of errors, cancellation, threads and lifetime
/// holds here. A store whose backing cannot do one of these, as one made of an object, fails with
/// `unsupported`. Times to live are those of set().
template <class Store, class A>
class Extensions : public detail::Overloads<Store, A> {
 public:
  /// Stores `value` unless something is stored already, with nobody between the two.
  /// @par Returns  Whether it was stored; false also where the time to live is zero, less or NaN.
  /// @par Errors   As set(). Unanswered, it may have been stored (`unknownOutcome`).
  template <class... TimeToLive>
    requires(sizeof...(TimeToLive) <= 1)
  [[nodiscard]] asio::awaitable<bool> setIfAbsent(std::string key, const A& value,
                                                  TimeToLive... timeToLive) const {
    return operations()->setIfAbsent(operations(), std::move(key), value,
                                     detail::inMilliseconds(timeToLive...));
  }

  template <class... TimeToLive>
  asio::awaitable<bool> setIfAbsent(std::string key, A&& value, TimeToLive... timeToLive) const
    requires detail::UnsafeTemporary<A>
  {
    (void)detail::NamedFirst<A>{};
    return setIfAbsent(std::move(key), std::as_const(value), timeToLive...);
  }

  /// Stores what `f` makes of what is stored, with nobody between the two: where somebody else was
  /// faster, `f` is called again, with the newer value. `f` is called in this coroutine. As by set(), the
  /// time to live is replaced with the value: without one it lives for ever from then on.
  /// @par Returns  What is stored afterwards. Where the time to live is zero, less or NaN, `f` is not
  ///               called, and that is what was stored before.
  /// @par Errors   What `f` throws, as it is, and nothing is written. PersistanceSchemaError: what is
  ///               stored, or what `f` returns, does not fit the schema; the entry stays.
  ///               `overloaded`: others were faster 1,000 times.
  /// @par Cost     A get and a conditional set, again for each time that somebody was faster.
  template <class F, class... TimeToLive>
    requires(sizeof...(TimeToLive) <= 1)
  [[nodiscard]] asio::awaitable<std::optional<A>> update(std::string key, F&& f,
                                                         TimeToLive... timeToLive) const {
    using Function = std::remove_cvref_t<F>;
    if constexpr (UpdateOf<Function, A>) {
      (void)detail::FunctionNamedFirst<F>{};
      return updateWith(operations(), std::move(key), Function(std::forward<F>(f)),
                        detail::inMilliseconds(timeToLive...));
    } else {
      (void)detail::FunctionOfNoUpdate<Function, A>{};
      return {};
    }
  }

  /// The value under `key`, and how much longer it lives.
  /// @par Returns  nullopt where nothing is stored.
  /// @par Errors   As get().
  [[nodiscard]] asio::awaitable<std::optional<Stored<A>>> find(std::string key) const {
    return operations()->find(operations(), std::move(key));
  }

  /// A page of the keys of this store; of no other.
  /// @par Cost  On Redis a scan of the database, whatever the prefix; on memory of the store, on LMDB
  ///            of the keys with the prefix.
  [[nodiscard]] asio::awaitable<KeyPage> keys(KeyQuery query = KeyQuery()) const {
    return operations()->keys(operations(), std::move(query));
  }

  /// Removes the values under `keys`; absent ones are no error. On memory and LMDB all or nothing.
  [[nodiscard]] asio::awaitable<void> removeMany(std::vector<std::string> keys) const {
    return operations()->removeMany(operations(), std::move(keys));
  }

 private:
  using Operations = typename detail::Operations<A>::Self;

  const Operations& operations() const { return static_cast<const Store&>(*this).operations_; }

  template <class F>
  static asio::awaitable<std::optional<A>> updateWith(Operations operations, std::string key, F f,
                                                      detail::TimeToLive timeToLive) {
    detail::UpdateBy<A, F> step(f);
    co_return co_await operations->update(operations, std::move(key), step, timeToLive);
  }
};

}  // namespace persistance
