#pragma once
/// @file
/// Making a new data file.

#include "backing/lmdb/internals.hpp"

#include <persistance/backing/lmdb.hpp>

namespace persistance::backing::lmdb {

/// The directory, inside that of the store, in which a store is made before it is moved into place.
inline constexpr std::string_view stagingName = "new";

/// Makes a new environment in `directory`, whole or not at all. The caller holds its lock.
/// @par Errors  LmdbError.
void createEnvironment(const std::filesystem::path& directory, const Internals& internals,
                       const LmdbOptions& options);

}  // namespace persistance::backing::lmdb
