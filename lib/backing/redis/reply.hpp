#pragma once
/// @file
/// A reply of the server, whole and owned.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace persistance::redis {

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

}  // namespace persistance::redis
