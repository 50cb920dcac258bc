#pragma once
/// @file
/// Durations that count in floating point.

#include <chrono>
#include <concepts>

#include <persistance/schema/number.hpp>
#include <persistance/schema/schema.hpp>

namespace persistance::schema {
namespace detail {

template <class A>
inline constexpr bool isRealDuration = false;
template <std::floating_point Rep, class Period>
inline constexpr bool isRealDuration<std::chrono::duration<Rep, Period>> =
    !std::same_as<Rep, long double>;

}  // namespace detail

/// A `duration<double, ...>` as the number that it counts, in its own unit: exact, which text in
/// seconds would not be. Another unit is another form.
template <class A>
  requires(detail::isRealDuration<A>)
class RealDurationSchema : public Codec<RealDurationSchema<A>, A> {
 public:
  RealDurationSchema() = default;

  bool write(Writer& writer, const A& value) const { return writer.number(value.count()); }
  bool read(Reader& reader, A& out) const {
    typename A::rep count = 0;
    if (!number<typename A::rep>().read(reader, count)) return false;
    out = A(count);
    return true;
  }
  Shape shape(Shapes& shapes) const { return number<typename A::rep>().shape(shapes); }
};

}  // namespace persistance::schema
