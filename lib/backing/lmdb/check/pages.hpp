#pragma once
/// @file
/// The pages of a snapshot: where each one is, and which are in use.

#include "backing/lmdb/check/layout.hpp"
#include "backing/lmdb/failure.hpp"

#include <algorithm>
#include <vector>

namespace persistance::backing::lmdb {

/// An entry of a branch or a leaf; LMDB calls it a node.
struct PageEntry {
  EntryHead head;
  Bytes key;
  Bytes rest;  // of the page, behind the key

  [[nodiscard]] std::size_t dataSize() const noexcept {
    return head.low | std::size_t{head.high} << 16;
  }
  [[nodiscard]] PageNumber child() const noexcept {
    PageNumber number = dataSize();
    if constexpr (sizeof(PageNumber) > 4) number |= PageNumber{head.flags} << 32;
    return number;
  }
  [[nodiscard]] bool overflows() const noexcept { return head.flags == onOverflowPages; }
};

/// Where each page is, and which of them a tree or the free list has claimed.
class Pages {
 public:
  Pages(Bytes map, const Meta& meta)
      : map_(map), size_(meta.pageSize()), claimed_(meta.lastPage + 1, false) {
    std::fill_n(claimed_.begin(), metaPages, true);
  }

  void claim(PageNumber number) {
    if (number >= claimed_.size()) damaged(number, "is past the end");
    if (claimed_[number]) damaged(number, "is in use twice");
    claimed_[number] = true;
  }

  [[nodiscard]] Bytes at(PageNumber number, std::uint16_t flags) const {
    const Bytes page = map_.subspan(number * size_, size_);
    const auto head = valueAt<PageHead>(page, 0);
    if (head.number != number || head.flags != flags) damaged(number, "is of the wrong kind");
    return page;
  }

  /// The same pages, none of them claimed yet.
  [[nodiscard]] Pages unclaimed() const {
    Pages copy = *this;
    copy.claimed_.assign(claimed_.size(), false);
    return copy;
  }
  void join(const Pages& other) {
    for (PageNumber number = 0; number < claimed_.size(); ++number)
      if (other.claimed_[number]) claim(number);
  }

  [[noreturn]] static void damaged(PageNumber number, const char* what) {
    throw Failure(BackingErrc::corrupt,
                  "the data file is damaged: page " + std::to_string(number) + " " + what);
  }

 private:
  Bytes map_;
  std::size_t size_;
  std::vector<bool> claimed_;
};

}  // namespace persistance::backing::lmdb
