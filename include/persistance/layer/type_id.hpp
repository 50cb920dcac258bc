#pragma once
/// @file
/// The name under which a service is found.

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <string_view>
#include <type_traits>

namespace persistance::layer {

/// The identity of a service. A class that declares
/// `static constexpr layer::TypeId typeId{"@my-server/Clock"};` is known by that name alone, so two
/// classes with one name are one service; any other class is known by itself.
class TypeId {
 public:
  /// `name` must live for ever: a string literal, or storage of static duration.
  constexpr explicit TypeId(std::string_view name, const void* type = nullptr) noexcept
      : name_(name), hash_(hashOf(name)), type_(type) {}

  [[nodiscard]] constexpr std::string_view name() const noexcept { return name_; }
  [[nodiscard]] constexpr std::uint64_t hash() const noexcept { return hash_; }

  friend constexpr bool operator==(const TypeId& a, const TypeId& b) noexcept {
    return a.hash_ == b.hash_ && a.type_ == b.type_ && a.name_ == b.name_;
  }
  /// Some order, the same within one process.
  friend bool operator<(const TypeId& a, const TypeId& b) noexcept {
    if (a.hash_ != b.hash_) return a.hash_ < b.hash_;
    if (a.type_ != b.type_) return std::less<>()(a.type_, b.type_);
    return a.name_ < b.name_;
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
  const void* type_;  // tells classes apart whose spelling is the same: two files' anonymous ones
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
struct TypeMark {
  static constexpr char mark = 0;
};

template <class S>
concept DeclaresTypeId = requires {
  { S::typeId } -> std::convertible_to<TypeId>;
};

template <class S>
constexpr TypeId makeTypeId() noexcept {
  if constexpr (DeclaresTypeId<S>) {
    return TypeId(S::typeId);
  } else {
    return TypeId(typeName<S>(), &TypeMark<S>::mark);
  }
}

}  // namespace detail

/// The TypeId of the service S.
template <class S>
inline constexpr TypeId typeIdOf = detail::makeTypeId<S>();

}  // namespace persistance::layer
