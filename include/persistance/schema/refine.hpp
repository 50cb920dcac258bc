#pragma once
/// @file
/// A schema with one more condition.

#include <concepts>
#include <cstddef>
#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <persistance/schema/detail/guard.hpp>
#include <persistance/schema/detail/record.hpp>
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

  /// Where the issue is, from the value on: `.at("end")`, `.at("range", "end")`; by default the
  /// value itself.
  template <class... Keys>
  [[nodiscard]] RefineSchema at(const Keys&... keys) const {
    RefineSchema copy = *this;
    copy.path_ = {std::string(keys)...};
    return copy;
  }

  bool write(Writer& writer, const Value& value) const {
    const std::size_t start = writer.size();
    return schema_.write(writer, value) &&
           holds(writer.report(), value, [&] { return writer.since(start); });
  }
  bool read(Reader& reader, Value& out) const {
    const auto start = reader.rest();
    return schema_.read(reader, out) &&
           holds(reader.report(), out, [&] { return reader.since(start); });
  }
  Shape shape(Shapes& shapes) const { return shapes.described(schema_.shape(shapes), expected_); }

  bool omitted(const Value& value) const {
    std::vector<Issue> issues;
    Report report(issues);
    return schema_.omitted(value) && holds(report, value, [] { return "nothing"; });
  }
  bool absent(Value& out) const {
    std::vector<Issue> issues;
    Report report(issues);
    return schema_.absent(out) && holds(report, out, [] { return "nothing"; });
  }

  // As an alternative of a variant.
  template <class WriteExtra>
    requires RecordLike<S>
  bool writeFields(Writer& writer, const Value& value, std::size_t extra,
                   WriteExtra writeExtra) const {
    const std::size_t start = writer.size();
    return schema_.writeFields(writer, value, extra, writeExtra) &&
           holds(writer.report(), value, [&] { return writer.since(start); });
  }
  bool readTagged(Reader& reader, Value& out, std::string_view tag) const
    requires RecordLike<S>
  {
    const auto start = reader.rest();
    return schema_.readTagged(reader, out, tag) &&
           holds(reader.report(), out, [&] { return reader.since(start); });
  }
  [[nodiscard]] bool hasField(std::string_view name) const
    requires RecordLike<S>
  {
    return schema_.hasField(name);
  }

 private:
  template <class Actual>
  bool holds(Report& report, const Value& value, Actual actual) const {
    const std::size_t mark = report.mark();
    if (detail::guarded(report, expected_, [&] {
          return std::invoke(predicate_, value) || report.add(expected_, actual());
        }))
      return true;
    for (auto key = path_.rbegin(); key != path_.rend(); ++key) report.under(mark, *key);
    return false;
  }

  S schema_;
  P predicate_;
  std::string expected_;
  std::vector<std::string> path_;
};

/// Values of `schema` for which `predicate` is true as well; `expected` says of the others what was
/// wanted: `refine(string(), isEmail, "an e-mail address")`. A rule over several fields can say
/// which one is wrong: `refine(range, isOrdered, "an end after the start").at("end")`. The
/// predicate may be called by any number of threads at once; if it throws, that is an issue.
template <SchemaLike S, class P>
[[nodiscard]] auto refine(S schema, P predicate, std::string expected) {
  static_assert(std::predicate<const P&, const typename S::Value&>,
                "persistance: the predicate given to refine() cannot be called with the value of "
                "the schema");
  return RefineSchema<S, P>(std::move(schema), std::move(predicate), std::move(expected));
}

}  // namespace persistance::schema
