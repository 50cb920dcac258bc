#pragma once
/// The walk over the pages of one tree.

#include <future>
#include <thread>

#include "backing/lmdb/guards.hpp"
#include "backing/lmdb/pages.hpp"

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
      Pages::damaged(tree_.root, "tells wrong counts");
  }

 private:
  static constexpr std::uint16_t largeDepth = 3;  // a thousand pages and more
  static constexpr std::size_t maxParts = 4;

  void page(PageNumber number, unsigned level) {
    pages_.take(number);
    const bool leaf = level == tree_.depth;
    const Bytes bytes = pages_.at(number, leaf ? leafPage : branchPage);
    const auto head = valueAt<PageHead>(bytes, 0);
    if (head.lower < sizeof(PageHead) || head.lower > head.upper || head.upper > bytes.size() ||
        head.lower % 2 != 0)
      Pages::damaged(number, "tells wrong bounds");
    const std::size_t count = (head.lower - sizeof(PageHead)) / 2;
    if (count < (leaf ? 1U : 2U)) Pages::damaged(number, "is empty");
    ++(leaf ? leaves_ : branches_);
    const bool large = level == 1 && tree_.depth >= largeDepth && Content::independent;
    const std::size_t used =
        large ? inParts(number, bytes, head, count) : nodes(number, bytes, head, {0, count}, level);
    // LMDB leaves no holes between nodes; so none of them overlap either.
    if (used != bytes.size() - head.upper) Pages::damaged(number, "has nodes on top of each other");
  }

  struct Range {
    std::size_t from;
    std::size_t to;
  };

  // Gives the bytes that they take.
  std::size_t nodes(PageNumber number, Bytes bytes, const PageHead& head, Range range,
                    unsigned level) {
    std::size_t used = 0;
    for (std::size_t i = range.from; i < range.to; ++i) {
      const Node node = nodeAt(number, bytes, head, i);
      used += level == tree_.depth ? entry(number, node) : branch(number, node, i, level);
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
    const SignalsBlocked noSignals;
    std::vector<Pages> pages(parts - 1, pages_.untaken());
    std::vector<TreeCheck> others;
    for (Pages& own : pages) others.emplace_back(own, tree_, content_);
    std::vector<std::future<std::size_t>> sizes;
    for (std::size_t i = 1; i < parts; ++i)  // in this thread, where there can be no other
      sizes.push_back(
          std::async([&, i] { return others[i - 1].nodes(number, bytes, head, range(i), 1); }));
    std::size_t used = nodes(number, bytes, head, range(0), 1);
    for (std::size_t i = 1; i < parts; ++i) {
      used += sizes[i - 1].get();
      follow(number, nodeAt(number, bytes, head, range(i).from).key, false);
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

  Node nodeAt(PageNumber number, Bytes page, const PageHead& head, std::size_t index) const {
    const auto at = valueAt<std::uint16_t>(page, sizeof(PageHead) + 2 * index);
    if (at < head.upper || at % 2 != 0 || at + nodeHeadSize > page.size())
      Pages::damaged(number, "has a node outside");
    const auto node = valueAt<NodeHead>(page, at);
    if (at + nodeHeadSize + node.keySize > page.size() || node.keySize > maxKeyInDatabase)
      Pages::damaged(number, "has a key outside");
    const Bytes behind = page.subspan(at + nodeHeadSize);
    return {node, behind.first(node.keySize), behind.subspan(node.keySize)};
  }

  std::size_t branch(PageNumber number, const Node& node, std::size_t index, unsigned level) {
    // The key of the first child is not looked at by LMDB either.
    if (index > 0) follow(number, node.key, false);
    page(node.child(), level + 1);
    return evenSize(nodeHeadSize + node.key.size());
  }

  std::size_t entry(PageNumber number, const Node& node) {
    if (last_.empty()) content_.first(node.key);
    if (node.head.flags != 0 && !node.big()) Pages::damaged(number, "has an entry of another kind");
    const std::size_t inPage = node.big() ? sizeof(PageNumber) : node.dataSize();
    if (inPage > node.rest.size()) Pages::damaged(number, "has a value outside");
    if (node.key.empty()) Pages::damaged(number, "has an entry without a key");
    follow(number, node.key, true);
    ++entries_;
    content_.entry(number, node.key, node.big() ? overflow(node) : node.rest.first(inPage));
    return evenSize(nodeHeadSize + node.key.size() + inPage);
  }

  Bytes overflow(const Node& node) {
    const auto first = valueAt<PageNumber>(node.rest, 0);
    pages_.take(first);
    const Bytes page = pages_.at(first, overflowPage);
    const auto head = valueAt<PageHead>(page, 0);
    const std::size_t count = head.lower | std::size_t{head.upper} << 16;
    const std::size_t needed = (sizeof(PageHead) + node.dataSize() - 1) / page.size() + 1;
    if (count < needed)  // a shorter value may have taken the place of a longer one
      Pages::damaged(first, "tells a wrong length");
    for (PageNumber next = first + 1; next < first + count; ++next) pages_.take(next);
    overflows_ += count;
    return {page.data() + sizeof(PageHead), node.dataSize()};
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
