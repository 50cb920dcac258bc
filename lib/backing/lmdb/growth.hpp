#pragma once
/// @file
/// How the data file grows.

#include <cstdint>

namespace persistance::backing::lmdb {

/// The step in which a file and its map grow: a multiple of every page size.
inline constexpr std::uint64_t granule = 64 * 1024;

/// How large a full file becomes: twice as large while it is small, a quarter larger later, always
/// about large enough for `need` more bytes, never over `limit`. Not larger than `current`: it
/// cannot.
[[nodiscard]] std::uint64_t grownFile(std::uint64_t current, std::uint64_t need,
                                      std::uint64_t limit) noexcept;

/// How much of a file of that size only removals may use. To delete, LMDB first copies the pages on
/// the way: a store that is full to the last page could never be made less full.
[[nodiscard]] std::uint64_t reserveOf(std::uint64_t fileSize) noexcept;

/// The size of an open file.
/// @par Errors  LmdbError.
[[nodiscard]] std::uint64_t sizeOf(int fd);

/// Allocates the blocks [from, to) of a file; sparsely where the file system cannot.
/// @par Errors  LmdbError.
void allocateFile(int fd, std::uint64_t from, std::uint64_t to);

}  // namespace persistance::backing::lmdb
