#pragma once
/// @file
/// The two headers, LMDB's "metas", that a data file begins with.

#include "backing/lmdb/check/layout.hpp"

#include <filesystem>

namespace persistance::backing::lmdb {

/// The newer of the two.
/// @par Errors  `corrupt`: one of the two is damaged, they do not follow one another, or they name
///              more pages than the file has. What the operating system says.
[[nodiscard]] Meta readNewestMeta(const std::filesystem::path& dataFile);

}  // namespace persistance::backing::lmdb
