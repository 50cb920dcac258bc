#pragma once
/// @file
/// Many values of one schema, in order.

#include <cstddef>
#include <limits>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include <persistance/schema/detail/misuse.hpp>
#include <persistance/schema/detail/room.hpp>
#include <persistance/schema/schema.hpp>

namespace persistance::schema {

/// `Container` is a std::vector, std::deque or std::list.
template <SchemaLike S, class Container = std::vector<typename S::Value>>
class ArraySchema : public Codec<ArraySchema<S, Container>, Container> {
 public:
  using Element = typename S::Value;
  using Value = Container;

  explicit ArraySchema(S schema) : schema_(std::move(schema)) {}

  [[nodiscard]] ArraySchema minItems(std::size_t count) const {
    ArraySchema copy = *this;
    copy.min_ = count;
    return copy;
  }
  [[nodiscard]] ArraySchema maxItems(std::size_t count) const {
    ArraySchema copy = *this;
    copy.max_ = count;
    return copy;
  }

  bool write(Writer& writer, const Value& value) const {
    bool good = counted(writer.report(), value.size());
    if (!writer.array(value.size())) return false;
    writer.made(value.size(), elementSize);
    std::size_t mark = writer.report().mark();
    std::size_t index = 0;
    for (const auto& element : value) {
      if (writer.over()) break;
      if (!schema_.write(writer, element)) {
        good = false;
        writer.report().under(mark, index);
        mark = writer.report().mark();
      }
      ++index;
    }
    writer.leave();
    return good;
  }

  bool read(Reader& reader, Value& out) const {
    std::size_t count = 0;
    if (!reader.array(count) || !reader.make(count, elementSize)) return false;
    bool good = counted(reader.report(), count);
    out.clear();
    if constexpr (requires { out.reserve(count); })
      out.reserve(detail::roomFor<Element>(count, reader.left()));
    std::size_t mark = reader.report().mark();
    for (std::size_t i = 0; i < count; ++i) {
      if (readElement(reader, out)) continue;
      good = false;
      reader.report().under(mark, i);
      mark = reader.report().mark();
      if (reader.broken()) return false;
    }
    reader.leave();
    return good;
  }

  Shape shape(Shapes& shapes) const { return shapes.array(schema_.shape(shapes), min_, max_); }

 private:
  static constexpr std::size_t elementSize =
      requires(Value& value) { value.reserve(1); } ? sizeof(Element) : detail::nodeSize<Element>;

  // An element that failed is not kept: only good ones take memory.
  bool readElement(Reader& reader, Value& out) const {
    (void)detail::NoDefaultConstructor<Element>{};
    if constexpr (std::is_same_v<Element, bool>) {
      bool element = false;
      if (!schema_.read(reader, element)) return false;
      out.push_back(element);
    } else {
      out.emplace_back();
      if (!schema_.read(reader, out.back())) {
        out.pop_back();
        return false;
      }
    }
    return true;
  }

  bool counted(Report& report, std::size_t count) const {
    if (count >= min_ && count <= max_) return true;
    return miscounted(report, count);
  }

  [[gnu::cold, gnu::noinline]] bool miscounted(Report& report, std::size_t count) const {
    if (count < min_)
      return report.add("at least " + std::to_string(min_) + " items", std::to_string(count));
    return report.add("at most " + std::to_string(max_) + " items", std::to_string(count));
  }

  S schema_;
  std::size_t min_ = 0;
  std::size_t max_ = std::numeric_limits<std::size_t>::max();
};

template <SchemaLike S>
[[nodiscard]] ArraySchema<S> array(S schema) {
  return ArraySchema<S>(std::move(schema));
}

/// `array<std::deque<int>>(integer<int>())`.
template <class Container, SchemaLike S>
[[nodiscard]] ArraySchema<S, Container> array(S schema) {
  return ArraySchema<S, Container>(std::move(schema));
}

}  // namespace persistance::schema
