#pragma once
/// @file
/// A value behind a pointer that owns it, or none.

#include <memory>
#include <type_traits>
#include <utility>

#include <persistance/schema/detail/misuse.hpp>
#include <persistance/schema/detail/nullable.hpp>
#include <persistance/schema/schema.hpp>

namespace persistance::schema {

/// `Pointer` is a std::unique_ptr or std::shared_ptr, stored as an optional is: a null pointer is
/// null, and left out of an object. A read makes a new value; one that other pointers share is not
/// touched, and what was shared when it was written is not afterwards.
template <class Pointer, SchemaLike S>
class PointerSchema : public Codec<PointerSchema<Pointer, S>, Pointer> {
 public:
  using Element = typename S::Value;

  explicit PointerSchema(S schema) : schema_(std::move(schema)) {
    (void)detail::NothingTwice<Element>{};
    if constexpr (std::is_polymorphic_v<Element> && !std::is_final_v<Element>)
      (void)detail::PolymorphicPointee<Element>{};
  }

  bool write(Writer& writer, const Pointer& value) const {
    if (value == nullptr) return writer.null();
    const std::size_t start = writer.size();
    writer.made(1, size);
    if (!schema_.write(writer, *value)) return false;
    return writer.byteAt(start) != 0xc0 || writer.fail("a value that is not null", "null");
  }

  bool read(Reader& reader, Pointer& out) const {
    out.reset();
    if (reader.null()) return true;
    (void)detail::NoDefaultConstructor<Element>{};
    if (!reader.make(1, size)) return false;
    auto fresh = makeElement();
    if (!schema_.read(reader, *fresh)) return false;
    out = std::move(fresh);
    return true;
  }

  Shape shape(Shapes& shapes) const { return shapes.nullable(schema_.shape(shapes)); }

  bool omitted(const Pointer& value) const noexcept { return value == nullptr; }
  bool absent(Pointer& out) const noexcept {
    out.reset();
    return true;
  }

 private:
  static constexpr std::size_t size = sizeof(Element) + 2 * sizeof(void*);

  static auto makeElement() {
    if constexpr (std::is_same_v<Pointer, std::unique_ptr<typename Pointer::element_type>>)
      return std::make_unique<Element>();
    else
      return std::make_shared<Element>();
  }

  S schema_;
};

/// `pointer<std::unique_ptr<User>>(User::schema())`.
template <class Pointer, SchemaLike S>
[[nodiscard]] PointerSchema<Pointer, S> pointer(S schema) {
  return PointerSchema<Pointer, S>(std::move(schema));
}

}  // namespace persistance::schema
