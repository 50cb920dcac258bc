#pragma once
/// @file
/// Places at which a test kills the process; nothing at all in the library that is installed.

#include <string_view>

namespace persistance::backing::lmdb {

#ifdef PERSISTANCE_FAILPOINTS
/// Kills the process at the nth pass of the place that PERSISTANCE_FAILPOINT="place:n" names.
void failpoint(std::string_view place) noexcept;
#else
inline void failpoint(std::string_view) noexcept {}
#endif

}  // namespace persistance::backing::lmdb
