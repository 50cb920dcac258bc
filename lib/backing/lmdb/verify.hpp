#pragma once
/// @file
/// A scan of everything that is stored.

#include "backing/lmdb/open_file.hpp"

namespace persistance::backing::lmdb {

/// Scans in steps, each on a snapshot of its own: so a scan never keeps old pages alive, and what
/// it compares comes from one snapshot.
///
/// @par Errors  Failure of the lease; damage is in the report.
[[nodiscard]] asio::awaitable<LmdbReport> verify(std::shared_ptr<OpenFile> file);

}  // namespace persistance::backing::lmdb
