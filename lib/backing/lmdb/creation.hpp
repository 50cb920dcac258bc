#pragma once
/// @file
/// Making a new store.

#include "backing/lmdb/internals.hpp"

#include <persistance/backing/lmdb.hpp>

#include <string_view>

namespace persistance::backing::lmdb {

/// The directory, inside that of the store, in which a store is made before it is moved into place.
inline constexpr std::string_view stagingName = ".persistance-new";

/// Makes the directory of a store where there is none.
/// @par Errors  LmdbError.
void makeDirectory(const std::filesystem::path& directory);

/// Makes a new environment in `directory`, whole or not at all. The caller holds its lock.
/// @par Errors  LmdbError.
void createEnvironment(const std::filesystem::path& directory, const Internals& internals,
                       const LmdbOptions& options);

}  // namespace persistance::backing::lmdb
