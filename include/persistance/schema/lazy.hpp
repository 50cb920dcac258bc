#pragma once
/// @file
/// Types that contain themselves.

#include <concepts>
#include <memory>
#include <type_traits>
#include <utility>

#include <persistance/schema/detail/deferred.hpp>
#include <persistance/schema/schema.hpp>

namespace persistance::schema {

template <SchemaLike S>
class LazySchema : public Codec<LazySchema<S>, typename S::Value> {
 public:
  using Value = typename S::Value;

  explicit LazySchema(std::shared_ptr<detail::Deferred<S>> deferred)
      : deferred_(std::move(deferred)) {}

  bool write(Writer& writer, const Value& value) const {
    return deferred_->get().write(writer, value);
  }
  bool read(Reader& reader, Value& out) const { return deferred_->get().read(reader, out); }
  bool omitted(const Value& value) const { return deferred_->get().omitted(value); }
  bool absent(Value& out) const { return deferred_->get().absent(out); }
  Shape shape(Shapes& shapes) const {
    return shapes.reference(deferred_.get(), [&] { return deferred_->get().shape(shapes); });
  }

 private:
  std::shared_ptr<detail::Deferred<S>> deferred_;
};

/// The schema that `f` makes, asked for when a value is first read or written:
///
///     Schema<Tree> treeSchema() {
///       return object<Tree>(field("value", &Tree::value),
///                           field("children", &Tree::children, array(lazy(treeSchema))));
///     }
///
/// `f` is a function, or a lambda without captures, whose return type is written down. It is called
/// once, and what it makes is kept until the program ends.
template <class F>
[[nodiscard]] auto lazy(F f) {
  using S = std::invoke_result_t<F>;
  static_assert(std::convertible_to<F, S (*)()>,
                "persistance: lazy() takes a function or a lambda without captures");
  return LazySchema<S>(detail::Deferred<S>::of(static_cast<S (*)()>(f)));
}

}  // namespace persistance::schema
