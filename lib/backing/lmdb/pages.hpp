#pragma once
/// The pages of a snapshot: where each one is, and who has spoken for it.

#include <algorithm>
#include <vector>

#include "backing/lmdb/data_file.hpp"
#include "backing/lmdb/failure.hpp"

namespace persistance::backing::lmdb {

/// An entry of a branch or a leaf.
struct Node {
  NodeHead head;
  Bytes key;
  Bytes rest;  // what the page has behind the key

  [[nodiscard]] std::size_t dataSize() const noexcept {
    return head.low | std::size_t{head.high} << 16;
  }
  [[nodiscard]] PageNumber child() const noexcept {
    PageNumber number = dataSize();
    if constexpr (sizeof(PageNumber) > 4) number |= PageNumber{head.flags} << 32;
    return number;
  }
  [[nodiscard]] bool big() const noexcept { return head.flags == bigNode; }
};

/// Which pages are spoken for, and where each one is.
class Pages {
 public:
  Pages(Bytes map, const Meta& meta)
      : map_(map), size_(meta.pageSize()), taken_(meta.lastPage + 1, false) {
    std::fill_n(taken_.begin(), metaPages, true);
  }

  void take(PageNumber number) {
    if (number >= taken_.size()) damaged(number, "is past the end");
    if (taken_[number]) damaged(number, "is in use twice");
    taken_[number] = true;
  }

  [[nodiscard]] Bytes at(PageNumber number, std::uint16_t flags) const {
    const Bytes page = map_.subspan(number * size_, size_);
    const auto head = valueAt<PageHead>(page, 0);
    if (head.number != number || head.flags != flags) damaged(number, "is of another kind");
    return page;
  }

  /// The same pages, none of them taken yet.
  [[nodiscard]] Pages untaken() const {
    Pages copy = *this;
    copy.taken_.assign(taken_.size(), false);
    return copy;
  }
  void join(const Pages& other) {
    for (PageNumber number = 0; number < taken_.size(); ++number)
      if (other.taken_[number]) take(number);
  }

  [[noreturn]] static void damaged(PageNumber number, const char* what) {
    throw Failure(BackingErrc::corrupt,
                  "the data file is damaged: page " + std::to_string(number) + " " + what);
  }

 private:
  Bytes map_;
  std::size_t size_;
  std::vector<bool> taken_;
};

}  // namespace persistance::backing::lmdb
