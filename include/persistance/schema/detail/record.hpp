#pragma once
/// @file
/// What a variant asks of the schemas of its alternatives.

#include <cstddef>
#include <string_view>

#include <persistance/schema/schema.hpp>

namespace persistance::schema {

/// A schema of records, to which the tag of a variant can be added: an object, or one that is
/// refined, versioned or annotated.
///
/// `writeFields` writes `extra` more pairs in front, with `writeExtra`; `readTagged` takes one pair
/// named `tag`, which belongs to the variant; `hasField` says whether a field is called that, now or
/// formerly.
template <class S>
concept RecordLike = SchemaLike<S> && requires(const S& s, Writer& writer, Reader& reader,
                                               typename S::Value& value, std::string_view name) {
  s.writeFields(writer, value, std::size_t{1}, [] { return true; });
  { s.readTagged(reader, value, name) } -> std::same_as<bool>;
  { s.hasField(name) } -> std::same_as<bool>;
};

}  // namespace persistance::schema
