#pragma once
/// A scan of everything that is stored.

#include "backing/lmdb/engine.hpp"

namespace persistance::backing::lmdb {

/// Scans step by step, each step on a snapshot of its own: so a scan never keeps old pages alive,
/// and what it compares with one another is of one snapshot.
///
/// @par Errors  Failure of the lease; damage is in the report.
[[nodiscard]] asio::awaitable<LmdbReport> verify(std::shared_ptr<Engine> engine);

}  // namespace persistance::backing::lmdb
