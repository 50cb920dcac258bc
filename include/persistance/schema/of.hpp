#pragma once
/// @file
/// The schema of a type for which none was written down.

#include <concepts>
#include <type_traits>

#include <persistance/schema/detail/borrowed.hpp>
#include <persistance/schema/detail/built_in.hpp>
#include <persistance/schema/detail/declared.hpp>
#include <persistance/schema/detail/misuse.hpp>
#include <persistance/schema/enumeration.hpp>
#include <persistance/schema/lazy.hpp>

namespace persistance::schema {
namespace detail {

/// <persistance/schema/json_as.hpp> gives it a schema() for types that convert themselves.
template <class A>
struct Converted {};

template <class A>
[[nodiscard]] auto declared() {
  if constexpr (!DeclaresOwn<A>) (void)ForeignSchema<A>{};
  // A function that says what it returns may lead back to itself: it is called when it is needed.
  if constexpr (std::is_same_v<decltype(&A::schema), Schema<A> (*)()>)
    return lazy(&A::schema);
  else
    return A::schema();
}

// Stands where no schema is, so that the sentence is the only error.
template <class A>
struct NotASchema {
  using Value = A;
  bool write(Writer& writer, const A& value) const;
  bool read(Reader& reader, A& out) const;
  bool omitted(const A& value) const;
  bool absent(A& out) const;
  Shape shape(Shapes& shapes) const;
};

// What is wrong with a type that has no schema, in one sentence. The result is deduced, so that the
// compiler is here before it looks at what becomes of it.
template <class A>
[[nodiscard]] auto refuse() {
  if constexpr (Borrowing<A>)
    (void)BorrowedType<A>{};
  else if constexpr (isWide<A>)
    (void)WideNumber<A>{};
  else if constexpr (namesSchema<A>)
    (void)UnusableSchema<A>{};
  else
    (void)NoSchema<A>{};
  return NotASchema<A>();
}

}  // namespace detail

/// The schema of A: the one that it declares (SchemaFor specialised for it, or a static member
/// function `A::schema()`), else a built-in one:
///
///     bool, integers to 64 bits, float, double            boolean, number
///     enumerations                                        their enumerators' names
///     std::string, std::u8string, filesystem::path        text
///     char[N] as a member                                 text to its first NUL
///     points in time, durations, year_month_day           ISO 8601 text
///     durations of float or double                        the number that they count
///     optional, unique_ptr, shared_ptr                    the value or null
///     vector, deque, list, set, unordered_set             array
///     multiset, unordered_multiset, array, A[N]           array
///     map, unordered_map                                  object for text keys, else pairs
///     multimap, unordered_multimap                        array of pairs
///     tuple, pair                                         array
///     vector, array, A[N] of std::byte or std::uint8_t    bytes
///     variant                                             what it holds, untagged
///     monostate                                           null
///     nlohmann::json, Unknown                             as they are
///
/// Those that hold others hold any type with a schema, save an optional directly in an optional.
/// Types that borrow (std::string_view, std::span, pointers) have none.
template <class A>
[[nodiscard]] auto of() {
  if constexpr (detail::DeclaresFor<A>) {
    return SchemaFor<A>::schema();
  } else if constexpr (detail::Declares<A>) {
    return detail::declared<A>();
  } else if constexpr (detail::IsBuiltIn<A>) {
    return detail::BuiltIn<A>::schema();
  } else if constexpr (requires { detail::Converted<A>::schema(); }) {
    return detail::Converted<A>::schema();
  } else if constexpr (std::is_enum_v<A>) {
    return enumeration<A>();
  } else {
    return detail::refuse<A>();
  }
}

}  // namespace persistance::schema
