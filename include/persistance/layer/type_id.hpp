#pragma once
/// @file
/// The name under which a service is found.

#include <cstdint>
#include <string_view>
#include <type_traits>

namespace persistance::layer {

/// The identity of a service: a name, and nothing else. Two types that declare the same name are
/// the same service. Written in the class as
/// `static constexpr layer::TypeId typeId{"@my-server/Clock"};`; a class that declares none is
/// known by its C++ name.
class TypeId {
 public:
  /// `name` must live for ever: a string literal, or storage of static duration.
  constexpr explicit TypeId(std::string_view name) noexcept : name_(name), hash_(hashOf(name)) {}

  [[nodiscard]] constexpr std::string_view name() const noexcept { return name_; }
  [[nodiscard]] constexpr std::uint64_t hash() const noexcept { return hash_; }

  friend constexpr bool operator==(const TypeId& a, const TypeId& b) noexcept {
    return a.hash_ == b.hash_ && a.name_ == b.name_;
  }
  friend constexpr bool operator<(const TypeId& a, const TypeId& b) noexcept {
    return a.hash_ != b.hash_ ? a.hash_ < b.hash_ : a.name_ < b.name_;
  }

 private:
  // FNV-1a
  static constexpr std::uint64_t hashOf(std::string_view name) noexcept {
    std::uint64_t hash = 0xcbf29ce484222325U;
    for (const char c : name) {
      hash ^= static_cast<unsigned char>(c);
      hash *= 0x100000001b3U;
    }
    return hash;
  }

  std::string_view name_;
  std::uint64_t hash_;
};

namespace detail {

// The name of S as the compiler spells it, cut out of the name of this function.
template <class S>
constexpr std::string_view typeName() noexcept {
  constexpr std::string_view whole = __PRETTY_FUNCTION__;
  constexpr std::size_t start = whole.find("S = ") + 4;
  constexpr std::size_t end = whole.find_first_of(";]", start);
  return whole.substr(start, end - start);
}

template <class S>
concept DeclaresTypeId = requires {
  { S::typeId } -> std::convertible_to<TypeId>;
};

}  // namespace detail

/// The TypeId of the service S.
template <class S>
inline constexpr TypeId typeIdOf = [] {
  if constexpr (detail::DeclaresTypeId<S>) {
    return TypeId(S::typeId);
  } else {
    return TypeId(detail::typeName<S>());
  }
}();

}  // namespace persistance::layer
