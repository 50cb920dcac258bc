#include <map>
#include <persistance/layer/graph.hpp>
#include <set>
#include <utility>
#include <vector>

#include "build_step.hpp"

namespace persistance::layer::detail {
namespace {

enum class Shape { function, value, action, dynamic, required };

struct Box {
  std::size_t number;
};

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

class Picture {
 public:
  std::shared_ptr<Box> box(Shape shape, std::string_view label) {
    const auto made = std::make_shared<Box>(Box{count_++});
    const auto [open, close] = brackets(shape);
    boxes_ += "  " + name(*made) + open + "\"" + escaped(label) + "\"" + close + "\n";
    return made;
  }

  void arrow(const Box& from, const char* line, const Box& to) {
    const std::string text = "  " + name(from) + line + name(to) + "\n";
    if (drawn_.insert(text).second) arrows_ += text;
  }

  std::string text() const { return "flowchart TD\n" + boxes_ + arrows_; }

 private:
  static std::pair<const char*, const char*> brackets(Shape shape) {
    switch (shape) {
      case Shape::function: return {"[", "]"};
      case Shape::value: return {"([", "])"};
      case Shape::action: return {"{{", "}}"};
      case Shape::dynamic: return {"[/", "/]"};
      case Shape::required: return {">", "]"};
    }
    return {"[", "]"};
  }
  static std::string name(const Box& box) { return "s" + std::to_string(box.number); }

  std::size_t count_ = 0;
  std::string boxes_;
  std::string arrows_;
  std::set<std::string> drawn_;
};

const Box& boxOf(const Service& service) { return *static_cast<const Box*>(service.object.get()); }

// Builds nothing: the nodes go through their steps as ever, and each service is a box. So the
// picture is put together by the rules that put the services together.
class Drawing {
 public:
  std::string draw(const Ref& ref);

 private:
  struct Frame;
  using Memo = std::map<const Node*, Services>;

  Services valueBoxes(const NodePtr& node);

  Picture picture_;
  Memo values_;
  std::vector<std::unique_ptr<Memo>> memos_;
  std::vector<std::unique_ptr<Frame>> stack_;
};

struct Drawing::Frame final : Build {
  Frame(Drawing& on, NodePtr described, Memo* table)
      : drawing(on), node(std::move(described)), memo(table) {}

  using Build::build;
  void build(std::vector<Wanted> layers, Sharing sharing, OnError) override {
    wanted = std::move(layers);
    built.clear();
    if (sharing == Sharing::shared) {
      childMemo = memo;
    } else {
      childMemo = drawing.memos_.emplace_back(std::make_unique<Memo>()).get();
    }
  }

  void call(const Function&, Services with, std::exception_ptr) override {
    const Made made = node->made();
    if (made.kind == Made::Kind::nothing) return;
    const bool isLayer = made.kind == Made::Kind::layer;
    const Shape shape = isLayer              ? Shape::dynamic
                        : made.gives.empty() ? Shape::action
                                             : Shape::function;
    const auto box = drawing.picture_.box(shape, node->name());
    for (const Service& service : with.all()) drawing.picture_.arrow(*box, " --> ", boxOf(service));
    Services boxes;
    for (const TypeId& id : made.gives) boxes = Services::join(boxes, Services(id, box));
    given.services = boxes;
    if (isLayer) given.layer = Ref(drawnNode(std::move(boxes)), {}, made.gives);
  }

  // A layer whose boxes are there already.
  NodePtr drawnNode(Services boxes) {
    const NodePtr drawn = succeedNode(boxes);
    drawing.values_[drawn.get()] = std::move(boxes);
    alive.push_back(drawn);
    return drawn;
  }

  void wait(std::chrono::milliseconds) override {}
  void fail(std::exception_ptr) override { ended = true; }
  void releaseTogether() override {}

  void done(Services boxes) override {
    if (!result) {
      result = std::move(boxes);
      if (const Ref* other = node->otherwise()) return Build::build(*other, services);
    }
    ended = true;
  }

  // The dotted arrows from what is tried first to what is there for its failure.
  void drawOtherwise() {
    for (const Service& service : result->all()) {
      if (const auto* other = built[0].services.find(service.id))
        drawing.picture_.arrow(boxOf(service), " -. or else .-> ",
                               *static_cast<const Box*>(other->get()));
    }
    ended = true;
  }

  Drawing& drawing;
  const NodePtr node;
  Memo* const memo;
  Memo* childMemo = nullptr;
  std::vector<Wanted> wanted;
  std::vector<NodePtr> alive;
  std::optional<Services> result;
  int step = 0;
  bool ended = false;
};

Services Drawing::valueBoxes(const NodePtr& node) {
  const auto known = values_.find(node.get());
  if (known != values_.end()) return known->second;
  Services boxes;
  for (const Service& service : node->value()->all())
    boxes =
        Services::join(boxes, Services(service.id, picture_.box(Shape::value, service.id.name())));
  return values_[node.get()] = boxes;
}

std::string Drawing::draw(const Ref& ref) {
  Memo* memo = memos_.emplace_back(std::make_unique<Memo>()).get();
  Services outside;
  for (const TypeId& id : ref.needs)
    outside = Services::join(outside, Services(id, picture_.box(Shape::required, id.name())));
  if (ref.node->value()) {
    (void)valueBoxes(ref.node);
    return picture_.text();
  }
  stack_.push_back(std::make_unique<Frame>(*this, ref.node, memo));
  stack_.back()->services = outside;
  while (!stack_.empty()) {
    Frame& top = *stack_.back();
    if (top.ended) {
      if (top.node->memoised()) (*top.memo)[top.node.get()] = top.result.value_or(Services());
      const Services result = top.result.value_or(Services());
      stack_.pop_back();
      if (!stack_.empty()) stack_.back()->built.push_back({result, nullptr});
      continue;
    }
    if (top.built.size() == top.wanted.size()) {
      if (top.result) {
        top.drawOtherwise();
      } else {
        top.node->advance(top, top.step++);
      }
      continue;
    }
    const Wanted& next = top.wanted[top.built.size()];
    const NodePtr& node = next.layer.node;
    const auto known = top.childMemo->find(node.get());
    if (node->value()) {
      top.built.push_back({valueBoxes(node).only(next.layer.gives), nullptr});
    } else if (node->memoised() && known != top.childMemo->end()) {
      top.built.push_back({known->second.only(next.layer.gives), nullptr});
    } else {
      auto frame = std::make_unique<Frame>(*this, node, top.childMemo);
      frame->services = next.services;
      stack_.push_back(std::move(frame));
    }
  }
  return picture_.text();
}

}  // namespace

std::string drawGraph(const Ref& ref) { return Drawing().draw(ref); }

}  // namespace persistance::layer::detail
