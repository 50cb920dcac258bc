#pragma once
/// @file
/// The overloads of a store's operations that a reader of its header need not see.

#include <persistance/asio.hpp>
#include <persistance/detail/time_to_live.hpp>

#include <chrono>
#include <initializer_list>
#include <optional>
#include <string>
#include <tuple>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

namespace persistance::detail {

#if defined(__GNUC__) && __GNUC__ == 12 && !defined(__clang__)
inline constexpr bool destroysTemporariesTwice = true;
#else
inline constexpr bool destroysTemporariesTwice = false;
#endif

template <class A>
inline constexpr bool isUnsafeAggregate =
    std::is_aggregate_v<A> && !std::is_trivially_destructible_v<A>;

template <class A>
inline constexpr bool holdsUnsafeAggregate = isUnsafeAggregate<A>;
template <class A>
inline constexpr bool holdsUnsafeAggregate<std::optional<A>> = holdsUnsafeAggregate<A>;
template <class... A>
inline constexpr bool holdsUnsafeAggregate<std::variant<A...>> = (... || holdsUnsafeAggregate<A>);
template <class... A>
inline constexpr bool holdsUnsafeAggregate<std::tuple<A...>> = (... || holdsUnsafeAggregate<A>);
template <class A, class B>
inline constexpr bool holdsUnsafeAggregate<std::pair<A, B>> =
    holdsUnsafeAggregate<A> || holdsUnsafeAggregate<B>;

/// What g++ 12 destroys twice as a temporary of a co_await expression, whatever its callee does: an
/// aggregate, and one that something else is made of on the way.
template <class A>
concept UnsafeTemporary = destroysTemporariesTwice && holdsUnsafeAggregate<A>;

/// An rvalue of another type that becomes an A.
template <class V, class A>
concept UnsafeSource = UnsafeTemporary<V> && !std::is_same_v<V, A> && std::is_convertible_v<V, A>;

template <class A>
struct NamedFirst {
  static_assert(!UnsafeTemporary<A>,
                "persistance: g++ 12 destroys an aggregate temporary twice in a co_await "
                "expression; name the value first: `User user{...}; co_await users.set(key, "
                "user);`");
};

/// A function object that holds something, as a temporary: destroyed twice like an aggregate.
template <class F>
struct FunctionNamedFirst {
  static_assert(!destroysTemporariesTwice || std::is_lvalue_reference_v<F> ||
                    std::is_trivially_destructible_v<F>,
                "persistance: g++ 12 destroys a function object with captures twice in a co_await "
                "expression; name it first: `auto f = [x](std::optional<A> old) { ... }; co_await "
                "store.update(key, f);`, or std::ref(f) where it cannot be copied");
};

/// Whether F can be the function of an update of A; answered with false where it cannot.
template <class F, class A>
inline constexpr bool isUpdateOf = false;

template <class F, class A>
struct FunctionOfNoUpdate {
  static_assert(
      isUpdateOf<F, A>,
      "persistance: update() takes a function of std::optional<A>, by value, that returns "
      "std::optional<A> or A; it is no coroutine, and returning nothing it is no update");
};

/// Base of Store = Persistance<A>: times to live of any unit, and the refusal of an unsafe temporary.
template <class Store, class A>
class Overloads {
 public:
  template <class Rep, class Period>
  [[nodiscard]] asio::awaitable<void> set(std::string key, const A& value,
                                          std::chrono::duration<Rep, Period> timeToLive) const {
    return store().set(std::move(key), value, toMilliseconds(timeToLive));
  }

  template <class Rep, class Period>
  [[nodiscard]] asio::awaitable<void> setMany(std::vector<std::pair<std::string, A>> entries,
                                              std::chrono::duration<Rep, Period> timeToLive) const {
    return store().setMany(std::move(entries), toMilliseconds(timeToLive));
  }

  template <class... TimeToLive>
  asio::awaitable<void> set(std::string key, A&& value, TimeToLive... timeToLive) const
    requires UnsafeTemporary<A>
  {
    (void)NamedFirst<A>{};
    return store().set(std::move(key), std::as_const(value), timeToLive...);
  }

  // An lvalue deduces a reference, which is no unsafe temporary.
  template <UnsafeSource<A> V, class... TimeToLive>
  asio::awaitable<void> set(std::string key, V&& value, TimeToLive... timeToLive) const {
    (void)NamedFirst<V>{};
    const A converted(std::forward<V>(value));
    return store().set(std::move(key), converted, timeToLive...);
  }

  template <class... TimeToLive>
  asio::awaitable<void> setMany(std::initializer_list<std::pair<std::string, A>> entries,
                                TimeToLive... timeToLive) const
    requires UnsafeTemporary<A>
  {
    (void)NamedFirst<A>{};
    return store().setMany(std::vector(entries), timeToLive...);
  }

 private:
  const Store& store() const { return static_cast<const Store&>(*this); }
};

}  // namespace persistance::detail
