#pragma once
/// @file
/// The walk over the pages of one tree.

#include "async/signals_blocked.hpp"
#include "backing/lmdb/check/pages.hpp"

#include <future>
#include <thread>

namespace persistance::backing::lmdb {

/// Checks one tree; `Content` knows the order of its keys and what its entries have to be.
template <class Content>
class TreeCheck {
 public:
  TreeCheck(Pages& pages, const TreeHead& tree, Content content)
      : pages_(pages), tree_(tree), content_(content) {}

  void run() {
    if (tree_.root == noPage) return;
    page(tree_.root, 1);
    if (branches_ != tree_.branches || leaves_ != tree_.leaves || overflows_ != tree_.overflows ||
        entries_ != tree_.entries)
      Pages::damaged(tree_.root, "names wrong counts");
  }

 private:
  static constexpr std::uint16_t largeDepth = 3;  // a thousand pages and more
  static constexpr std::size_t maxParts = 4;

  void page(PageNumber number, unsigned level) {
    pages_.claim(number);
    const bool leaf = level == tree_.depth;
    const Bytes bytes = pages_.at(number, leaf ? leafPage : branchPage);
    const auto head = valueAt<PageHead>(bytes, 0);
    if (head.lower < sizeof(PageHead) || head.lower > head.upper || head.upper > bytes.size() ||
        head.lower % 2 != 0)
      Pages::damaged(number, "names wrong bounds");
    const std::size_t count = (head.lower - sizeof(PageHead)) / 2;
    if (count < (leaf ? 1U : 2U)) Pages::damaged(number, "is empty");
    ++(leaf ? leaves_ : branches_);
    const bool large = level == 1 && tree_.depth >= largeDepth && Content::independent;
    const std::size_t used = large ? inParts(number, bytes, head, count)
                                   : entries(number, bytes, head, {0, count}, level);
    // LMDB leaves no holes between entries; so none of them overlap either.
    if (used != bytes.size() - head.upper) Pages::damaged(number, "has overlapping entries");
  }

  struct Range {
    std::size_t from;
    std::size_t to;
  };

  // Returns how many bytes they take.
  std::size_t entries(PageNumber number, Bytes bytes, const PageHead& head, Range range,
                      unsigned level) {
    std::size_t used = 0;
    for (std::size_t i = range.from; i < range.to; ++i) {
      const PageEntry one = entryAt(number, bytes, head, i);
      used += level == tree_.depth ? entry(number, one) : branch(number, one, i, level);
    }
    return used;
  }

  // The walk waits for memory most of the time, so a large tree is walked by a few threads.
  std::size_t inParts(PageNumber number, Bytes bytes, const PageHead& head, std::size_t count) {
    const std::size_t parts =
        std::clamp<std::size_t>(std::thread::hardware_concurrency(), 1, std::min(count, maxParts));
    const auto range = [&](std::size_t i) {
      return Range{i * count / parts, (i + 1) * count / parts};
    };
    const async::SignalsBlocked noSignals;
    std::vector<Pages> pages(parts - 1, pages_.unclaimed());
    std::vector<TreeCheck> others;
    for (Pages& own : pages) others.emplace_back(own, tree_, content_);
    std::vector<std::future<std::size_t>> sizes;
    for (std::size_t i = 1; i < parts; ++i)  // in this thread, where there can be no other
      sizes.push_back(
          std::async([&, i] { return others[i - 1].entries(number, bytes, head, range(i), 1); }));
    std::size_t used = entries(number, bytes, head, range(0), 1);
    for (std::size_t i = 1; i < parts; ++i) {
      used += sizes[i - 1].get();
      follow(number, entryAt(number, bytes, head, range(i).from).key, false);
      join(others[i - 1]);
    }
    return used;
  }

  void join(const TreeCheck& next) {
    last_ = next.last_;
    lastIsEntry_ = next.lastIsEntry_;
    branches_ += next.branches_;
    leaves_ += next.leaves_;
    overflows_ += next.overflows_;
    entries_ += next.entries_;
    pages_.join(next.pages_);
  }

  PageEntry entryAt(PageNumber number, Bytes page, const PageHead& head, std::size_t index) const {
    const auto at = valueAt<std::uint16_t>(page, sizeof(PageHead) + 2 * index);
    if (at < head.upper || at % 2 != 0 || at + entryHeadSize > page.size())
      Pages::damaged(number, "has an entry outside");
    const auto entryHead = valueAt<EntryHead>(page, at);
    if (at + entryHeadSize + entryHead.keySize > page.size() ||
        entryHead.keySize > maxKeyInDatabase)
      Pages::damaged(number, "has a key outside");
    const Bytes behind = page.subspan(at + entryHeadSize);
    return {entryHead, behind.first(entryHead.keySize), behind.subspan(entryHead.keySize)};
  }

  std::size_t branch(PageNumber number, const PageEntry& one, std::size_t index, unsigned level) {
    // The key of the first child is not looked at by LMDB either.
    if (index > 0) follow(number, one.key, false);
    page(one.child(), level + 1);
    return evenSize(entryHeadSize + one.key.size());
  }

  std::size_t entry(PageNumber number, const PageEntry& one) {
    if (last_.empty()) content_.first(one.key);
    if (one.head.flags != 0 && !one.overflows())
      Pages::damaged(number, "has an entry of the wrong kind");
    const std::size_t inPage = one.overflows() ? sizeof(PageNumber) : one.dataSize();
    if (inPage > one.rest.size()) Pages::damaged(number, "has a value outside");
    if (one.key.empty()) Pages::damaged(number, "has an entry without a key");
    follow(number, one.key, true);
    ++entries_;
    content_.entry(number, one.key, one.overflows() ? overflow(one) : one.rest.first(inPage));
    return evenSize(entryHeadSize + one.key.size() + inPage);
  }

  Bytes overflow(const PageEntry& one) {
    const auto first = valueAt<PageNumber>(one.rest, 0);
    pages_.claim(first);
    const Bytes page = pages_.at(first, overflowPage);
    const auto head = valueAt<PageHead>(page, 0);
    const std::size_t count = head.lower | std::size_t{head.upper} << 16;
    const std::size_t needed = (sizeof(PageHead) + one.dataSize() - 1) / page.size() + 1;
    if (count < needed)  // a shorter value may have taken the place of a longer one
      Pages::damaged(first, "names a wrong length");
    for (PageNumber next = first + 1; next < first + count; ++next) pages_.claim(next);
    overflows_ += count;
    return {page.data() + sizeof(PageHead), one.dataSize()};
  }

  // Keys rise along the leaves; what separates two children is not above the first key behind it.
  void follow(PageNumber number, Bytes key, bool isEntry) {
    const bool good =
        last_.empty() || content_.less(last_, key) || (!lastIsEntry_ && !content_.less(key, last_));
    if (!good) Pages::damaged(number, "has keys out of order");
    last_ = key;
    lastIsEntry_ = isEntry;
  }

  static std::size_t evenSize(std::size_t size) noexcept { return (size + 1) & ~std::size_t{1}; }

  Pages& pages_;
  const TreeHead& tree_;
  Content content_;
  Bytes last_;  // the key that was seen last
  bool lastIsEntry_ = false;
  PageNumber branches_ = 0;
  PageNumber leaves_ = 0;
  PageNumber overflows_ = 0;
  std::size_t entries_ = 0;
};

}  // namespace persistance::backing::lmdb
