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

/// The identity of a service: the class, and the name that it declares, where it declares one:
/// `static constexpr layer::TypeId typeId{"@my-server/Clock"};`. A class that inherits such a
/// declaration is a service of its own. Shared libraries that know a class by the same name mean
/// the same service.
class TypeId {
 public:
  /// `name` must live for ever: a string literal, or storage of static duration.
  constexpr explicit TypeId(std::string_view name) noexcept
      : TypeId(name, std::string_view(), nullptr) {}
  /// `type`: how the class is spelled; `mark`: what tells it apart where that is not enough.
  constexpr TypeId(std::string_view name, std::string_view type, const void* mark) noexcept
      : name_(name), type_(type), hash_(hashOf(name) * 31 + hashOf(type)), mark_(mark) {}

  [[nodiscard]] constexpr std::string_view name() const noexcept { return name_; }
  [[nodiscard]] constexpr std::uint64_t hash() const noexcept { return hash_; }

  friend constexpr bool operator==(const TypeId& a, const TypeId& b) noexcept {
    return a.hash_ == b.hash_ && a.mark_ == b.mark_ && a.name_ == b.name_ && a.type_ == b.type_;
  }
  /// Some order, the same within one process.
  friend bool operator<(const TypeId& a, const TypeId& b) noexcept {
    if (a.hash_ != b.hash_) return a.hash_ < b.hash_;
    if (a.mark_ != b.mark_) return std::less<>()(a.mark_, b.mark_);
    if (a.name_ != b.name_) return a.name_ < b.name_;
    return a.type_ < b.type_;
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
  std::string_view type_;
  std::uint64_t hash_;
  const void* mark_;
};

namespace detail {

template <class S>
constexpr std::string_view spelled() noexcept {
  return __PRETTY_FUNCTION__;
}

// What stands before and after the type in that; looked for once, and not once for each service.
inline constexpr std::size_t spelledBefore = spelled<int>().find("int");
inline constexpr std::size_t spelledAround = spelled<int>().size() - 3;

// The name of S as the compiler spells it.
template <class S>
constexpr std::string_view typeName() noexcept {
  constexpr std::string_view whole = spelled<S>();
  return whole.substr(spelledBefore, whole.size() - spelledAround);
}

template <class S>
struct TypeMark {
  static constexpr char mark = 0;
};

template <class S>
concept DeclaresTypeId = requires {
  { S::typeId } -> std::convertible_to<TypeId>;
};

// Classes of one file or one function may be spelled as others are. Their marks differ; that of any
// other class must not count, since with hidden symbols each shared library has its own.
constexpr bool isLocal(std::string_view type) noexcept {
  for (const char* part : {"anonymous", ")::", "lambda"}) {
    if (type.find(part) != std::string_view::npos) return true;
  }
  return false;
}

template <class S>
constexpr TypeId makeTypeId() noexcept {
  constexpr std::string_view type = typeName<S>();
  const void* mark = nullptr;
  if constexpr (isLocal(type)) mark = &TypeMark<S>::mark;
  if constexpr (DeclaresTypeId<S>) {
    return TypeId(S::typeId.name(), type, mark);
  } else {
    return TypeId(type, type, mark);
  }
}

}  // namespace detail

/// The TypeId of the service S.
template <class S>
inline constexpr TypeId typeIdOf = detail::makeTypeId<S>();

}  // namespace persistance::layer
