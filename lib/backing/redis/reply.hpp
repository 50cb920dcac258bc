#pragma once
/// @file
/// Replies of the server, whole and owned.

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace persistance::backing::redis {

enum class ReplyKind : std::uint8_t { nil, status, error, integer, bulk, array };

/// One value of a reply. The text of all values lies in the reply's one buffer.
struct ReplyItem {
  ReplyKind kind = ReplyKind::nil;
  std::int64_t integer = 0;  ///< The number; of an array, how many elements it has.
  std::size_t offset = 0;
  std::size_t length = 0;
};

/// Two allocations at most, however many elements: `items` are all that lies below the root, in
/// the order in which they came (an array before its elements).
struct Reply {
  ReplyItem root;
  std::vector<ReplyItem> items;
  std::string bytes;

  [[nodiscard]] ReplyKind kind() const noexcept { return root.kind; }
  [[nodiscard]] std::string_view text(const ReplyItem& item) const noexcept {
    return std::string_view(bytes).substr(item.offset, item.length);
  }
  [[nodiscard]] std::string_view text() const noexcept { return text(root); }
};

/// The replies of one request. Most requests have one: that costs no allocation.
class Replies {
 public:
  void reserve(std::size_t count) {
    if (count > 1) more_.reserve(count - 1);
  }
  /// The place of the first, while there is none.
  [[nodiscard]] Reply& first() noexcept { return first_; }
  /// The first stands in its place.
  void firstCame() noexcept { size_ = 1; }
  void push_back(Reply&& reply) {
    if (size_ == 0) {
      first_ = std::move(reply);
    } else {
      more_.push_back(std::move(reply));
    }
    ++size_;
  }
  [[nodiscard]] std::size_t size() const noexcept { return size_; }
  [[nodiscard]] Reply& operator[](std::size_t i) { return i == 0 ? first_ : more_[i - 1]; }
  [[nodiscard]] const Reply& operator[](std::size_t i) const {
    return i == 0 ? first_ : more_[i - 1];
  }
  [[nodiscard]] const Reply& front() const noexcept { return first_; }
  [[nodiscard]] const Reply& back() const { return (*this)[size_ - 1]; }

 private:
  std::size_t size_ = 0;
  Reply first_;
  std::vector<Reply> more_;
};

}  // namespace persistance::backing::redis
