#pragma once
/// @file
/// A Mermaid flowchart.

#include <memory>
#include <set>
#include <string>
#include <string_view>

namespace persistance::layer::detail {

/// One box of a picture, known by its number.
struct Box {
  explicit Box(std::size_t number_) : number(number_) {}
  std::size_t number;
};

enum class Outline { function, value, action, dynamic, required };

/// Boxes and arrows; each arrow is drawn once.
class Picture {
 public:
  [[nodiscard]] std::shared_ptr<Box> box(Outline outline, std::string_view label);
  void arrow(const Box& from, const char* line, const Box& to);
  [[nodiscard]] std::string text() const;

 private:
  std::size_t count_ = 0;
  std::string boxes_;
  std::string arrows_;
  std::set<std::string> drawn_;
};

}  // namespace persistance::layer::detail
