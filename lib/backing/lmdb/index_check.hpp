#pragma once
/// @file
/// The check, at opening, of the records that say which store a value belongs to.

#include "backing/lmdb/directory.hpp"

namespace persistance::backing::lmdb {

/// Checks the identity, the counter of store numbers, the directory, the garbage records, and that
/// each value belongs to a store that one of the last two knows. So one damaged record never makes a
/// store look empty, and none is erased in place of another.
///
/// @par Errors  `corrupt`; `wrongType` where the file is not of this library.
/// @par Cost    A few look-ups for each store; no value is read.
void checkIndex(MDB_txn* txn, const Keyspace& keyspace);

}  // namespace persistance::backing::lmdb
