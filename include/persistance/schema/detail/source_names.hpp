#pragma once
/// @file
/// The names that members and enumerators have in the source.

#include <cstddef>
#include <string_view>
#include <tuple>

#include <persistance/schema/detail/aggregate.hpp>
#include <persistance/schema/detail/members.hpp>

namespace persistance::schema::detail {

// An object of which only the addresses of its members are asked for: it is nowhere defined.
template <class T>
struct Imagined {
  T value;
};
#if defined(__clang__)
#pragma clang diagnostic push
#pragma clang diagnostic ignored "-Wundefined-var-template"
#pragma clang diagnostic ignored "-Wundefined-internal"
#endif
template <class T>
extern Imagined<T> imagined;

template <class M>
struct Address {
  M* pointer;
};
template <class M>
Address(M*) -> Address<M>;

// The compiler spells the address, `{&imagined.value.name}` or `{(& imagined<T>.Imagined<T>::value.T::name)}`.
template <auto Value>
constexpr std::string_view spelled() {
  return __PRETTY_FUNCTION__;
}

constexpr bool isOfName(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' ||
         c == '$' || static_cast<unsigned char>(c) >= 0x80;
}

/// The name that ends before `end`.
constexpr std::string_view nameBefore(std::string_view text, std::size_t end) {
  std::size_t begin = end;
  while (begin > 0 && isOfName(text[begin - 1])) --begin;
  return text.substr(begin, end - begin);
}

template <class T, std::size_t I>
constexpr std::string_view memberName() {
  constexpr std::string_view text =
      spelled<Address{&std::get<I>(membersOf<countMembers<T>()>(imagined<T>.value))}>();
  constexpr std::size_t brace = text.rfind('}');
  return nameBefore(text, text[brace - 1] == ')' ? brace - 1 : brace);
}
#if defined(__clang__)
#pragma clang diagnostic pop
#endif

}  // namespace persistance::schema::detail
