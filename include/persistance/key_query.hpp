#pragma once
/// @file
/// The keys of a store, page by page.

#include <algorithm>
#include <cstddef>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace persistance {

/// Which keys are wanted: `KeyQuery().prefix("user:").limit(100).after(page.next)`.
class KeyQuery {
 public:
  /// Only keys that begin with these bytes. Default: every key.
  KeyQuery& prefix(std::string text) {
    prefix_ = std::move(text);
    return *this;
  }

  /// How many keys a page has at most, 1 to 100,000; what is outside is taken for the nearest.
  /// Default: 1,000. More cost more memory and a longer turn of the loop, fewer more calls.
  KeyQuery& limit(std::size_t count) {
    limit_ = std::clamp<std::size_t>(count, 1, 100'000);
    return *this;
  }

  /// Goes on where a page ended: its KeyPage::next, from the same store and the same prefix. Default,
  /// and nullopt: from the beginning.
  KeyQuery& after(std::optional<std::string> next) {
    after_ = std::move(next);
    return *this;
  }

  [[nodiscard]] const std::string& prefix() const noexcept { return prefix_; }
  [[nodiscard]] std::size_t limit() const noexcept { return limit_; }
  [[nodiscard]] const std::optional<std::string>& after() const noexcept { return after_; }

 private:
  std::string prefix_;
  std::size_t limit_ = 1000;
  std::optional<std::string> after_;
};

/// Some keys of a store. Pages together have every key that is there from the first page to the last;
/// one that comes or goes meanwhile may be among them or not. On Redis a key may come more than once.
struct KeyPage {
  std::vector<std::string> keys;    ///< In the store's own order; there may be none on a page.
  std::optional<std::string> next;  ///< For KeyQuery::after; nullopt: that was the last page.
};

}  // namespace persistance
