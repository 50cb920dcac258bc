#pragma once
/// @file
/// A schema with one more condition.

#include <concepts>
#include <functional>
#include <string>
#include <utility>

#include <persistance/schema/guard.hpp>
#include <persistance/schema/schema.hpp>

namespace persistance::schema {

template <SchemaLike S, std::predicate<const typename S::Value&> P>
class RefineSchema : public Codec<RefineSchema<S, P>, typename S::Value> {
 public:
  using Value = typename S::Value;

  RefineSchema(S schema, P predicate, std::string expected)
      : schema_(std::move(schema)),
        predicate_(std::move(predicate)),
        expected_(std::move(expected)) {}

  bool write(Writer& writer, const Value& value) const {
    return holds(writer.report(), value) && schema_.write(writer, value);
  }
  bool read(Reader& reader, Value& out) const {
    return schema_.read(reader, out) && holds(reader.report(), out);
  }
  bool omitted(const Value& value) const { return schema_.omitted(value); }
  bool absent(Value& out) const { return schema_.absent(out); }

 private:
  bool holds(Report& report, const Value& value) const {
    return guarded(report, expected_, [&] {
      return std::invoke(predicate_, value) || report.add(expected_, "a value that is not");
    });
  }

  S schema_;
  P predicate_;
  std::string expected_;
};

/// Values of `schema` for which `predicate` is true as well; `expected` says of the others what was
/// wanted: `refine(string(), isEmail, "an e-mail address")`. The predicate may be called by any
/// number of threads at once; if it throws, that is an issue.
template <SchemaLike S, class P>
[[nodiscard]] auto refine(S schema, P predicate, std::string expected) {
  static_assert(std::predicate<const P&, const typename S::Value&>,
                "persistance: the predicate given to refine() cannot be called with the value of "
                "the schema");
  return RefineSchema<S, P>(std::move(schema), std::move(predicate), std::move(expected));
}

}  // namespace persistance::schema
