#pragma once
/// @file
/// Regular expressions over text from anywhere.

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <persistance/schema/report.hpp>

namespace persistance::schema::detail {

/// A compiled regular expression, and those that the text has to match as well.
class Pattern {
 public:
  Pattern(std::string_view expression, std::shared_ptr<const Pattern> next);
  ~Pattern();

  /// `text` is valid UTF-8.
  [[nodiscard]] bool check(Report& report, std::string_view text) const;

  /// All of them, the first one first.
  [[nodiscard]] std::vector<std::string> expressions() const;

 private:
  struct Compiled;
  std::string text_;
  std::unique_ptr<const Compiled> compiled_;
  std::shared_ptr<const Pattern> next_;
};

}  // namespace persistance::schema::detail
