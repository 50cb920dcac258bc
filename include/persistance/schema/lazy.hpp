#pragma once
/// @file
/// Types that contain themselves.

#include <concepts>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <type_traits>
#include <unordered_map>
#include <utility>

#include <persistance/schema/guard.hpp>
#include <persistance/schema/schema.hpp>

namespace persistance::schema {

/// What a function makes, made when it is first needed and then kept for ever: one for each
/// function, so that a schema which leads back to itself is a circle and not a spiral.
template <SchemaLike S>
class Deferred {
 public:
  using Make = S (*)();

  [[nodiscard]] static std::shared_ptr<Deferred> of(Make make) {
    static std::mutex mutex;
    static auto& all = *new std::unordered_map<Make, std::shared_ptr<Deferred>>;
    const std::lock_guard lock(mutex);
    std::shared_ptr<Deferred>& place = all[make];
    if (place == nullptr) place = std::make_shared<Deferred>(make);
    return place;
  }

  explicit Deferred(Make make) : make_(make) {}

  [[nodiscard]] const S& get() {
    std::call_once(once_, [this] { schema_.emplace(make_()); });
    return *schema_;
  }

 private:
  Make make_;
  std::once_flag once_;
  std::optional<S> schema_;
};

template <SchemaLike S>
class LazySchema : public Codec<LazySchema<S>, typename S::Value> {
 public:
  using Value = typename S::Value;

  explicit LazySchema(std::shared_ptr<Deferred<S>> deferred) : deferred_(std::move(deferred)) {}

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
  std::shared_ptr<Deferred<S>> deferred_;
};

/// The schema that `f` makes, asked for when a value is first read or written:
///
///     Schema<Tree> treeSchema() {
///       return object<Tree>(field("value", &Tree::value),
///                           field("children", &Tree::children, array(lazy(treeSchema))));
///     }
///
/// `f` is a function, or a lambda without captures, whose return type is written down; it is called
/// once in the life of the program. What it makes has no memory of who asked.
template <class F>
[[nodiscard]] auto lazy(F f) {
  using S = std::invoke_result_t<F>;
  static_assert(std::convertible_to<F, S (*)()>,
                "persistance: lazy() takes a function or a lambda without captures");
  return LazySchema<S>(Deferred<S>::of(static_cast<S (*)()>(f)));
}

}  // namespace persistance::schema
