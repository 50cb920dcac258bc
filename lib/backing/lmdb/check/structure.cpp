#include "backing/lmdb/check/structure.hpp"

#include "backing/lmdb/check/tree_check.hpp"
#include "backing/lmdb/directory.hpp"

namespace persistance::backing::lmdb {

namespace {

/// The tree of what this library writes.
struct Records {
  static constexpr bool independent = true;  // several threads may check parts of the tree
  static bool less(Bytes a, Bytes b) noexcept { return std::ranges::lexicographical_compare(a, b); }
  // Our smallest key is the identity's; a tree that begins with another one is not ours.
  static void first(Bytes key) {
    if (!std::ranges::equal(key, metaKey(identityName).bytes()))
      throw Failure(BackingErrc::wrongType, std::string(notAStore));
  }
  static void entry(PageNumber, Bytes, Bytes) {}
};

/// LMDB's list of free pages: transaction -> count, page numbers, falling.
struct FreePages {
  Pages& pages;
  std::size_t& newest;  // the transaction of the last entry

  static constexpr bool independent = false;
  static constexpr std::size_t width = sizeof(PageNumber);

  static bool less(Bytes a, Bytes b) noexcept {
    return a.size() == width && b.size() == width &&
           valueAt<std::size_t>(a, 0) < valueAt<std::size_t>(b, 0);
  }
  static void first(Bytes) {}
  void entry(PageNumber number, Bytes key, Bytes list) const {
    if (key.size() != width || list.size() < width || list.size() % width != 0)
      Pages::damaged(number, "has a wrong entry of the free list");
    newest = valueAt<std::size_t>(key, 0);
    const auto count = valueAt<PageNumber>(list, 0);
    if (count > list.size() / width - 1) Pages::damaged(number, "has a wrong count of free pages");
    PageNumber above = noPage;
    for (std::size_t i = 1; i <= count; ++i) {
      const auto free = valueAt<PageNumber>(list, i * width);
      if (free >= above) Pages::damaged(number, "has free pages out of order");
      above = free;
      pages.claim(free);
    }
  }
};

}  // namespace

void checkStructure(Bytes map, const Meta& meta) {
  Pages pages(map, meta);
  TreeCheck(pages, meta.main, Records()).run();
  std::size_t newest = 0;
  TreeCheck(pages, meta.free, FreePages{pages, newest}).run();
  // Each transaction but the first frees pages, under its own number. Where the header has another
  // number, it was changed, and an older state could pass for the newest.
  constexpr std::size_t first = 1;
  if (newest != meta.transaction && meta.transaction > first)
    Pages::damaged(meta.transaction % metaPages, "is the header of another transaction");
}

}  // namespace persistance::backing::lmdb
