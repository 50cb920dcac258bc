#pragma once
/// @file
/// A member function, taken apart.

#include <functional>
#include <string_view>
#include <type_traits>

#include <persistance/asio.hpp>
#include <persistance/layer/type_id.hpp>

namespace persistance::layer::detail {

template <class C, class R, class... A>
struct Member {
  using Class = C;
  using Result = R;
  using Function = std::function<R(A...)>;
  template <class F>
  static constexpr bool takes = std::is_invocable_r_v<R, F&, A...>;
};

template <class M>
struct MemberOf;
template <class C, class R, class... A>
struct MemberOf<R (C::*)(A...)> : Member<C, R, A...> {};
template <class C, class R, class... A>
struct MemberOf<R (C::*)(A...) const> : Member<C, R, A...> {};
template <class C, class R, class... A>
struct MemberOf<R (C::*)(A...) noexcept> : Member<C, R, A...> {};
template <class C, class R, class... A>
struct MemberOf<R (C::*)(A...) const noexcept> : Member<C, R, A...> {};

// Known by its address.
template <auto M>
struct MemberKey {
  static constexpr char key = 0;
};

template <auto M>
constexpr std::string_view spelledMember() noexcept {
  return __PRETTY_FUNCTION__;
}

// "send" of "... [with auto M = &app::Mailer::send; ...]".
template <auto M>
constexpr std::string_view memberName() noexcept {
  std::string_view whole = spelledMember<M>();
  whole.remove_prefix(whole.find("M = ") + 4);
  whole = whole.substr(0, whole.find_first_of(";]"));
  return whole.substr(whole.rfind("::") + 2);
}

// How a member fails: at once, or where it returns an awaitable, in that.
template <class R>
struct MemberResult {
  template <class E>
  [[noreturn]] static R failing(const E& error) {
    throw error;
  }
};
template <class T>
struct MemberResult<asio::awaitable<T>> {
  template <class E>
  static asio::awaitable<T> failing(E error) {
    co_await asio::this_coro::executor;
    throw error;
  }
};

}  // namespace persistance::layer::detail
