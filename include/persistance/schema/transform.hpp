#pragma once
/// @file
/// A type that is stored as another one.

#include <concepts>
#include <functional>
#include <string>
#include <utility>

#include <persistance/schema/detail/guard.hpp>
#include <persistance/schema/schema.hpp>

namespace persistance::schema {

template <class B, SchemaLike S, class Decode, class Encode>
class TransformSchema : public Codec<TransformSchema<B, S, Decode, Encode>, B> {
 public:
  using Stored = typename S::Value;

  TransformSchema(S schema, Decode decode, Encode encode, std::string expected)
      : schema_(std::move(schema)),
        decode_(std::move(decode)),
        encode_(std::move(encode)),
        expected_(std::move(expected)) {}

  /// What issues say was wanted when a function throws.
  [[nodiscard]] TransformSchema expecting(std::string expected) const {
    TransformSchema copy = *this;
    copy.expected_ = std::move(expected);
    return copy;
  }

  bool write(Writer& writer, const B& value) const {
    Stored stored{};
    return detail::guarded(writer.report(), expected_,
                           [&] {
                             stored = std::invoke(encode_, value);
                             return true;
                           }) &&
           schema_.write(writer, stored);
  }

  bool read(Reader& reader, B& out) const {
    Stored stored{};
    return schema_.read(reader, stored) && convert(reader.report(), std::move(stored), out);
  }

  Shape shape(Shapes& shapes) const { return schema_.shape(shapes); }

  bool absent(B& out) const {
    std::vector<Issue> issues;
    Report report(issues);
    Stored stored{};
    return schema_.absent(stored) && convert(report, std::move(stored), out);
  }

 private:
  bool convert(Report& report, Stored&& stored, B& out) const {
    return detail::guarded(report, expected_, [&] {
      out = std::invoke(decode_, std::move(stored));
      return true;
    });
  }

  S schema_;
  Decode decode_;
  Encode encode_;
  std::string expected_;
};

/// B, stored as `schema` says: `decode` makes a B from its value, `encode` the value from a B.
/// Either may throw to refuse; what() then is the issue. Both may be called by any number of
/// threads at once.
template <class B, SchemaLike S, class Decode, class Encode>
[[nodiscard]] auto transform(S schema, Decode decode, Encode encode) {
  using Stored = typename S::Value;
  static_assert(
      std::is_invocable_r_v<B, const Decode&, Stored>,
      "persistance: the first function of transform<B>() has to make a B of the stored value");
  static_assert(
      std::is_invocable_r_v<Stored, const Encode&, const B&>,
      "persistance: the second function of transform<B>() has to make the stored value of a B");
  return TransformSchema<B, S, Decode, Encode>(std::move(schema), std::move(decode),
                                               std::move(encode), "a value that converts");
}

}  // namespace persistance::schema
