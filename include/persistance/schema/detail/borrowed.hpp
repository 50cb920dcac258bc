#pragma once
/// @file
/// Which types do not own what they hold.

#include <functional>
#include <initializer_list>
#include <memory>
#include <span>
#include <string_view>
#include <type_traits>

namespace persistance::schema::detail {

template <class A>
inline constexpr bool isBorrowing =
    std::is_pointer_v<A> || std::is_reference_v<A> || std::is_null_pointer_v<A> ||
    std::is_member_pointer_v<A> || std::ranges::enable_borrowed_range<A>;
template <class A>
inline constexpr bool isBorrowing<std::reference_wrapper<A>> = true;
template <class A>
inline constexpr bool isBorrowing<std::initializer_list<A>> = true;
template <class A>
inline constexpr bool isBorrowing<std::weak_ptr<A>> = true;

/// Of const and volatile types as of the plain one.
template <class A>
concept Borrowing = isBorrowing<std::remove_cv_t<A>>;

}  // namespace persistance::schema::detail
