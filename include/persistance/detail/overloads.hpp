#pragma once
/// @file
/// The overloads of a store's operations that a reader of its header need not see.

#include <persistance/asio.hpp>
#include <persistance/detail/time_to_live.hpp>

#include <chrono>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

namespace persistance::detail {

/// What g++ 12 destroys twice as a temporary of a co_await expression, whatever its callee does.
template <class A>
concept UnsafeTemporary =
#if defined(__GNUC__) && __GNUC__ == 12 && !defined(__clang__)
    std::is_aggregate_v<A> && !std::is_trivially_destructible_v<A>;
#else
    false && std::is_aggregate_v<A>;
#endif

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
    static_assert(
        !UnsafeTemporary<A>,
        "persistance: g++ 12 destroys an aggregate temporary twice in a co_await "
        "expression; name the value first: `User user{...}; co_await users.set(key, user);`");
    return store().set(std::move(key), std::as_const(value), timeToLive...);
  }

 private:
  const Store& store() const { return static_cast<const Store&>(*this); }
};

}  // namespace persistance::detail
