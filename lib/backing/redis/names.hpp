#pragma once
/// @file
/// The names under which entries lie in Redis. Names are persisted: do not change the grammar.
///
///     name   := keyPrefix "{}" length ":" storeId ":" key
///     length := the decimal number of bytes of storeId
///
/// The length keeps two stores apart whatever their ids and keys hold ("a" + "b:c" is not "a:b" +
/// "c"). The empty braces come before any other, so Redis Cluster never takes a part of a key for
/// its hash tag: keys with braces spread over all nodes like others.

#include <string>
#include <string_view>

namespace persistance::backing::redis {

/// What all names of a store begin with, and nothing else does.
[[nodiscard]] std::string namesOf(std::string_view keyPrefix, std::string_view storeId);

/// A SCAN pattern for exactly the names that begin with `prefix`.
[[nodiscard]] std::string patternOf(std::string_view prefix);

}  // namespace persistance::backing::redis
