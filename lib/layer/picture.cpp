#include "picture.hpp"

#include <utility>

namespace persistance::layer::detail {
namespace {

std::string escaped(std::string_view text) {
  std::string safe;
  for (const char c : text) {
    switch (c) {
      case '"': safe += "#quot;"; break;
      case '<': safe += "#lt;"; break;
      case '>': safe += "#gt;"; break;
      default: safe += c;
    }
  }
  return safe;
}

std::pair<const char*, const char*> brackets(Outline outline) {
  switch (outline) {
    case Outline::function: return {"[", "]"};
    case Outline::value: return {"([", "])"};
    case Outline::action: return {"{{", "}}"};
    case Outline::dynamic: return {"[/", "/]"};
    case Outline::required: return {">", "]"};
  }
  return {"[", "]"};
}

std::string nameOf(const Box& box) { return "s" + std::to_string(box.number); }

}  // namespace

std::shared_ptr<Box> Picture::box(Outline outline, std::string_view label) {
  auto made = std::make_shared<Box>(count_++);
  const auto [open, close] = brackets(outline);
  boxes_ += "  " + nameOf(*made) + open + "\"" + escaped(label) + "\"" + close + "\n";
  return made;
}

void Picture::arrow(const Box& from, const char* line, const Box& to) {
  const std::string text = "  " + nameOf(from) + line + nameOf(to) + "\n";
  if (drawn_.insert(text).second) arrows_ += text;
}

std::string Picture::text() const { return "flowchart TD\n" + boxes_ + arrows_; }

}  // namespace persistance::layer::detail
