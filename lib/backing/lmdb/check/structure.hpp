#pragma once
/// @file
/// The check of every page of a data file, before LMDB follows them.

#include "backing/lmdb/check/layout.hpp"

namespace persistance::backing::lmdb {

/// Checks each page that LMDB may follow from this meta, in `map`, which holds them all.
///
/// What holds afterwards: every page is of the kind, and every entry inside the page, that it has
/// to be; no page is in use twice or both free and in use; keys are in order; all counts are right.
/// So nothing that is stored makes LMDB leave its map. The bytes of a value are not checked: that
/// is for its checksum.
///
/// @par Errors  `corrupt`; `wrongType` where the tree is not one that this library wrote.
/// @par Cost    Reads each page once, except those of values longer than a page.
void checkStructure(Bytes map, const Meta& meta);

}  // namespace persistance::backing::lmdb
