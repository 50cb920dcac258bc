#pragma once
/// @file
/// What a schema is, and the handle that hides which one it is.

#include <concepts>
#include <memory>
#include <span>
#include <type_traits>
#include <utility>
#include <vector>

#include <persistance/error.hpp>
#include <persistance/schema/detail/misuse.hpp>
#include <persistance/schema/detail/secret.hpp>
#include <persistance/schema/reader.hpp>
#include <persistance/schema/shape.hpp>
#include <persistance/schema/writer.hpp>
#include <persistance/unknown.hpp>

namespace persistance::schema {

/// Anything that reads and writes values of one type. The constructors give concrete types that
/// know their parts at compile time, so that a record is read by one inlined function; all of them
/// convert to `Schema<A>`. They are copied freely.
template <class S>
concept SchemaLike =
    requires(const S& s, Writer& writer, Reader& reader, Shapes& shapes, typename S::Value& value) {
      { s.write(writer, std::as_const(value)) } -> std::same_as<bool>;
      { s.read(reader, value) } -> std::same_as<bool>;
      { s.omitted(std::as_const(value)) } -> std::same_as<bool>;
      { s.absent(value) } -> std::same_as<bool>;
      { s.shape(shapes) } -> std::same_as<Shape>;
    };

namespace detail {

/// Takes secrets out of the issues from `first` on.
template <SchemaLike S>
[[gnu::cold, gnu::noinline]] void hideSecretsOf(const S& schema, std::vector<Issue>& issues,
                                                std::size_t first) {
  if (!secretsExist()) return;
  Shapes shapes;
  const Shape shape = schema.shape(shapes);
  hideSecrets(shapes.whole(shape).tree(), issues, first);
}

}  // namespace detail

/// Encodes `value`, all its issues into `issues`; none: it is encoded. One allocation, the
/// result's.
/// @par Errors  bad_alloc, nothing else.
template <SchemaLike S>
[[nodiscard]] Unknown encode(const S& schema, const typename S::Value& value,
                             std::vector<Issue>& issues, const Limits& limits = Limits()) {
  Writer writer(issues, limits);
  const std::size_t before = issues.size();
  if (!schema.write(writer, value)) writer.refused();
  Unknown encoded = writer.finish();
  if (issues.size() > before) detail::hideSecretsOf(schema, issues, before);
  return encoded;
}

/// Decodes one whole value into `out`, all its issues into `issues`. True: there were none. False:
/// `out` holds something between what it held and what was read.
/// @par Errors  bad_alloc, nothing else.
template <SchemaLike S>
[[nodiscard]] bool decode(const S& schema, std::span<const std::byte> bytes, typename S::Value& out,
                          std::vector<Issue>& issues, const Limits& limits = Limits()) {
  Reader reader(bytes, issues, limits);
  const std::size_t before = issues.size();
  if (!schema.read(reader, out)) reader.refused();
  if (reader.finish()) return true;
  detail::hideSecretsOf(schema, issues, before);
  return false;
}

/// What every schema has. `Self` adds
/// `bool write(Writer&, const A&) const`, `bool read(Reader&, A&) const` and
/// `Shape shape(Shapes&) const`.
template <class Self, class A>
class Codec {
 public:
  using Value = A;

  /// @par Errors  PersistanceSchemaError ("encode") with all issues.
  [[nodiscard]] Unknown encode(const A& value, const Limits& limits = Limits()) const {
    std::vector<Issue> issues;
    Unknown encoded = schema::encode(self(), value, issues, limits);
    if (!issues.empty()) throw PersistanceSchemaError("encode", "", std::move(issues));
    return encoded;
  }

  /// @par Errors  PersistanceSchemaError ("decode") with all issues.
  [[nodiscard]] auto decode(const Unknown& value, const Limits& limits = Limits()) const {
    static_assert(!std::is_array_v<A>,
                  "persistance: a function cannot return an array; decode into one");
    (void)detail::NoDefaultConstructor<A>{};
    std::vector<Issue> issues;
    A out{};
    if (!schema::decode(self(), value.bytes(), out, issues, limits))
      throw PersistanceSchemaError("decode", "", std::move(issues));
    return out;
  }

  /// As a field: leave it out when it has this value?
  bool omitted(const A&) const noexcept { return false; }
  /// As a field that is missing: fill in what that means; false: it has to be there.
  bool absent(A&) const noexcept { return false; }

 private:
  friend Self;
  Codec() = default;
  const Self& self() const noexcept { return static_cast<const Self&>(*this); }
};

}  // namespace persistance::schema

namespace persistance {

/// A schema of A, whichever it is: a handle, cheap to copy, one virtual call for a value.
///
/// @par Threads  Any number of copies in any number of threads.
template <class A>
class Schema : public schema::Codec<Schema<A>, A> {
 public:
  template <class S>
    requires(!std::same_as<S, Schema>) && std::same_as<typename S::Value, A> &&
            schema::SchemaLike<S>
  Schema(S schema)  // NOLINT(google-explicit-constructor): that is what it is for
      : held_(std::make_shared<const Holder<S>>(std::move(schema))) {}

  // Copies only: a schema that was moved from is as good as before.
  Schema(const Schema&) = default;
  Schema& operator=(const Schema&) = default;
  ~Schema() = default;

  bool write(schema::Writer& writer, const A& value) const { return held_->write(writer, value); }
  bool read(schema::Reader& reader, A& out) const { return held_->read(reader, out); }
  bool omitted(const A& value) const { return held_->omitted(value); }
  bool absent(A& out) const { return held_->absent(out); }
  schema::Shape shape(schema::Shapes& shapes) const { return held_->shape(shapes); }

 private:
  struct Held {
    virtual ~Held() = default;
    virtual bool write(schema::Writer&, const A&) const = 0;
    virtual bool read(schema::Reader&, A&) const = 0;
    virtual bool omitted(const A&) const = 0;
    virtual bool absent(A&) const = 0;
    virtual schema::Shape shape(schema::Shapes&) const = 0;
  };

  template <class S>
  struct Holder final : Held {
    explicit Holder(S s) : schema(std::move(s)) {}
    bool write(schema::Writer& writer, const A& value) const override {
      return schema.write(writer, value);
    }
    bool read(schema::Reader& reader, A& out) const override { return schema.read(reader, out); }
    bool omitted(const A& value) const override { return schema.omitted(value); }
    bool absent(A& out) const override { return schema.absent(out); }
    schema::Shape shape(schema::Shapes& shapes) const override { return schema.shape(shapes); }
    S schema;
  };

  std::shared_ptr<const Held> held_;
};

namespace schema {
using persistance::Schema;
}

}  // namespace persistance
