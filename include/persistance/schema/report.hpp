#pragma once
/// @file
/// Collects the issues of one value. A value without any costs nothing.

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <persistance/schema/issue.hpp>

namespace persistance::schema {

/// Collects the issues of one value while it is read or written.
///
/// Nobody keeps track of the path while all is well. A leaf adds an issue with an empty path, and
/// each container around it puts its key in front when it sees its element fail.
class Report {
 public:
  /// Issues kept of one value; what comes after is counted only, so that hostile input cannot turn
  /// a megabyte of junk into a gigabyte of messages.
  static constexpr std::size_t maxIssues = 100;
  /// Bytes kept of one key in a path.
  static constexpr std::size_t maxKey = 200;

  explicit Report(std::vector<Issue>& issues) noexcept
      : issues_(&issues), first_(issues.size()), size_(first_) {}

  /// Where the next issue goes; give it to `under`.
  [[nodiscard]] std::size_t mark() const noexcept { return size_; }
  [[nodiscard]] bool empty() const noexcept { return size_ == first_; }

  /// Adds an issue at the current place. Always false: `return report.add(...)`.
  [[gnu::cold]] bool add(std::string expected, std::string_view actual);

  /// The value under this key of an object or map was refused: the issues since `mark` lie there.
  /// None, of a codec that gave no reason: that is one.
  [[gnu::cold]] void under(std::size_t mark, std::string_view key);
  /// The same for an index of an array.
  [[gnu::cold]] void under(std::size_t mark, std::size_t index);

  /// Where things stand, to take back what comes after: the same value is read in another way.
  struct Point {
    std::size_t size;
    std::size_t dropped;
  };
  [[nodiscard]] Point point() const noexcept { return {size_, dropped_}; }
  void backTo(Point point);

  /// The value was refused: where nobody said why, adds an issue that says so.
  [[gnu::cold]] void explain();

  /// From here on a refusal without an issue has its reason elsewhere.
  void end() noexcept { ended_ = true; }

  /// Sorts by path and says how many were left out.
  void finish();

 private:
  void explainHere();

  std::vector<Issue>* issues_;
  std::size_t first_;
  std::size_t size_;  // issues_->size(), without the way there
  std::size_t dropped_ = 0;
  bool ended_ = false;
};

/// `text` in quotes, control characters escaped, invalid UTF-8 as \xNN, at most 80 bytes long.
[[nodiscard]] std::string quoted(std::string_view text);

}  // namespace persistance::schema
