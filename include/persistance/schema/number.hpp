#pragma once
/// @file
/// Integers, exact and in range; floating point numbers, finite.

#include <concepts>
#include <cstdint>
#include <limits>
#include <string>
#include <type_traits>

#include <persistance/schema/detail/misuse.hpp>
#include <persistance/schema/detail/number_text.hpp>
#include <persistance/schema/schema.hpp>

namespace persistance::schema {

/// Of at most 64 bits: a wider one, where the compiler has any, would lose some of them.
template <class T>
concept Integer = std::integral<T> && !std::same_as<std::remove_cv_t<T>, bool> && sizeof(T) <= 8;

/// Exact integers of any width. What is stored as a floating point number is none, 3.0 included.
template <Integer T>
class IntegerSchema : public Codec<IntegerSchema<T>, T> {
 public:
  IntegerSchema() = default;

  /// Both ends included.
  [[nodiscard]] IntegerSchema between(T min, T max) const { return this->min(min).max(max); }
  [[nodiscard]] IntegerSchema min(T value) const {
    IntegerSchema copy = *this;
    copy.min_ = value;
    return copy;
  }
  [[nodiscard]] IntegerSchema max(T value) const {
    IntegerSchema copy = *this;
    copy.max_ = value;
    return copy;
  }

  bool write(Writer& writer, const T& value) const {
    if (value >= min_ && value <= max_) return writer.integer(value);
    return outOfRange(writer, value);
  }
  bool read(Reader& reader, T& out) const { return reader.integer(out, min_, max_); }
  Shape shape(Shapes& shapes) const { return shapes.integer(min_, max_); }

 private:
  [[gnu::cold, gnu::noinline]] bool outOfRange(Writer& writer, T value) const {
    return writer.fail("an integer from " + detail::toText(detail::Wide{min_}) + " to " +
                           detail::toText(detail::Wide{max_}),
                       detail::toText(detail::Wide{value}));
  }

  T min_ = std::numeric_limits<T>::min();
  T max_ = std::numeric_limits<T>::max();
};

/// Finite floating point numbers. Stored integers are taken too, as in JSON, and rounded to the
/// nearest T where they are too large to be exact.
template <std::floating_point T>
class NumberSchema : public Codec<NumberSchema<T>, T> {
 public:
  NumberSchema() = default;

  /// Both ends included.
  [[nodiscard]] NumberSchema between(T min, T max) const { return this->min(min).max(max); }
  [[nodiscard]] NumberSchema min(T value) const {
    NumberSchema copy = *this;
    copy.min_ = value;
    return copy;
  }
  [[nodiscard]] NumberSchema max(T value) const {
    NumberSchema copy = *this;
    copy.max_ = value;
    return copy;
  }

  bool write(Writer& writer, const T& value) const {
    if (outside(value)) return writer.fail(range(), detail::toText(double{value}));
    return writer.number(value);
  }
  bool read(Reader& reader, T& out) const {
    double wide = 0;
    if (!reader.number(wide)) return false;
    if (wide < double{lowest} || wide > double{highest} || outside(static_cast<T>(wide)))
      return reader.fail(range(), detail::toText(wide));
    out = static_cast<T>(wide);
    return true;
  }

  Shape shape(Shapes& shapes) const { return shapes.number(min_, max_, lowest, highest); }

 private:
  static constexpr T lowest = std::numeric_limits<T>::lowest();
  static constexpr T highest = std::numeric_limits<T>::max();

  // Not NaN, which the writer and the reader refuse.
  bool outside(T value) const { return value < min_ || value > max_; }
  std::string range() const {
    if (max_ == highest && min_ != lowest) return "a number of at least " + detail::toText(min_);
    if (min_ == lowest && max_ != highest) return "a number of at most " + detail::toText(max_);
    return "a number from " + detail::toText(min_) + " to " + detail::toText(max_);
  }

  T min_ = lowest;
  T max_ = highest;
};

template <Integer T = std::int64_t>
[[nodiscard]] IntegerSchema<T> integer() {
  return {};
}

template <std::floating_point T = double>
  requires(!detail::isWide<T>)
[[nodiscard]] NumberSchema<T> number() {
  return {};
}

// Numbers that are too wide, for the sentence that says so.
template <class T>
  requires(detail::isWide<T>)
[[nodiscard]] auto integer() {
  (void)detail::WideNumber<T>{};
}
template <class T>
  requires(detail::isWide<T>)
[[nodiscard]] auto number() {
  (void)detail::WideNumber<T>{};
}

}  // namespace persistance::schema
