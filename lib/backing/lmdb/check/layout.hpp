#pragma once
/// @file
/// The file format of LMDB 0.9, as far as it has to be checked before LMDB trusts it.
///
/// LMDB follows the offsets and page numbers that it finds in its file without checking where they
/// lead; a few changed bits bring the process down. The layout is fixed for the data version that
/// `metaVersion` names: lmdb.h, MDB_DATA_VERSION; http://www.lmdb.tech/doc

#include "backing/lmdb/format.hpp"

#include <cstddef>
#include <cstdint>
#include <cstring>

namespace persistance::backing::lmdb {

using PageNumber = std::size_t;

inline constexpr std::uint32_t metaMagic = 0xbeefc0de;
inline constexpr std::uint32_t metaVersion = 1;
inline constexpr PageNumber noPage = ~PageNumber{0};
inline constexpr PageNumber metaPages = 2;
inline constexpr std::uint16_t maxDepth = 32;  // LMDB's cursors hold so many pages

enum PageFlags : std::uint16_t { branchPage = 1, leafPage = 2, overflowPage = 4, metaPage = 8 };
enum EntryFlags : std::uint16_t { onOverflowPages = 1 };
enum TreeFlags : std::uint16_t { integerKeys = 8 };

struct PageHead {
  PageNumber number;
  std::uint16_t pad;
  std::uint16_t flags;
  std::uint16_t lower;  // the end of the entry offsets; of an overflow page, with `upper` the count
  std::uint16_t upper;  // where the entries begin
};
static_assert(sizeof(PageHead) == sizeof(PageNumber) + 8);

struct TreeHead {
  std::uint32_t pad;  // of the free list: the page size
  std::uint16_t flags;
  std::uint16_t depth;
  PageNumber branches;
  PageNumber leaves;
  PageNumber overflows;
  std::size_t entries;
  PageNumber root;
};

struct Meta {
  std::uint32_t magic;
  std::uint32_t version;
  void* address;
  std::size_t mapSize;
  TreeHead free;
  TreeHead main;
  PageNumber lastPage;
  std::size_t transaction;

  [[nodiscard]] std::size_t pageSize() const noexcept { return free.pad; }
};

struct EntryHead {
  std::uint16_t low;  // of the size of the data, or of the page number of a branch
  std::uint16_t high;
  std::uint16_t flags;  // on a branch, what is above `high` in the page number
  std::uint16_t keySize;
};
inline constexpr std::size_t entryHeadSize = sizeof(EntryHead);

/// What stands at `at`, which need not be aligned. The caller knows that it is inside.
template <class T>
[[nodiscard]] T valueAt(Bytes bytes, std::size_t at) noexcept {
  T value;
  std::memcpy(&value, bytes.data() + at, sizeof value);
  return value;
}

}  // namespace persistance::backing::lmdb
