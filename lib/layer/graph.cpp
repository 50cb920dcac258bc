#include <persistance/layer/graph.hpp>

#include <map>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "picture.hpp"
#include "steps.hpp"

namespace persistance::layer::detail {
namespace {

using Shape = Description::Shape;

const Box& boxOf(const Service& service) { return *static_cast<const Box*>(service.object.get()); }

Services under(std::span<const TypeId> ids, const std::shared_ptr<Box>& box) {
  Services boxes;
  for (const TypeId& id : ids) boxes = Services::join(boxes, Services(id, box));
  return boxes;
}

// A recipe whose parts are being drawn. Services are boxes here, so the picture is put together by
// the rules that put the services together.
struct Frame {
  using Drawn = std::map<const Recipe*, Services>;

  Frame(const Recipe& of, Services with, Drawn& in)
      : recipe(of), description(of.describe()), fed(std::move(with)), drawn(in) {}

  const Recipe& recipe;
  const Description description;
  std::size_t next = 0;  // of the parts
  Services fed;          // what the next part may take
  Services shown;
  Drawn& drawn;  // what is shared is drawn once
  std::unique_ptr<Drawn> own =
      description.sharing == Sharing::fresh ? std::make_unique<Drawn>() : nullptr;

  [[nodiscard]] Drawn& below() { return own ? *own : drawn; }
};

class Drawing {
 public:
  std::string draw(const Ref& ref) {
    const Ref whole = ref;
    Services outside;
    for (const TypeId& id : ref.needs)
      outside = Services::join(outside, Services(id, picture_.box(Outline::required, id.name())));
    Frame::Drawn drawn;
    (void)begin(whole, outside, drawn);
    while (!stack_.empty()) step();
    return picture_.text();
  }

 private:
  // The boxes of a layer, where they are there; else it is drawn next, and `step` finds them.
  std::optional<Services> begin(const Ref& layer, const Services& with, Frame::Drawn& drawn) {
    const Recipe& recipe = *layer.recipe;
    if (recipe.value() != nullptr) return valueBoxes(recipe).only(layer.gives);
    const auto known = drawn.find(&recipe);
    if (recipe.memoised() && known != drawn.end()) return known->second.only(layer.gives);
    stack_.push_back(std::make_unique<Frame>(recipe, with.only(layer.needs), drawn));
    return std::nullopt;
  }

  void step() {
    Frame& top = *stack_.back();
    if (finished_) {
      const Services boxes = std::exchange(finished_, std::nullopt)->only(part(top).layer.gives);
      return take(top, boxes);
    }
    if (top.next == top.description.parts.size()) return finish();
    const std::optional<Services> boxes = begin(part(top).layer, top.fed, top.below());
    if (boxes) take(top, *boxes);
  }

  static const Part& part(const Frame& frame) { return frame.description.parts[frame.next]; }

  void take(Frame& frame, const Services& boxes) {
    const Role role = part(frame).role;
    ++frame.next;
    if (role == Role::otherwise) return drawOtherwise(frame.shown, boxes);
    if (role != Role::fed) frame.shown = Services::join(frame.shown, boxes);
    if (role != Role::shown) frame.fed = Services::join(frame.fed, boxes);
  }

  void finish() {
    const std::unique_ptr<Frame> frame = std::move(stack_.back());
    stack_.pop_back();
    Services boxes = frame->shown;
    if (frame->description.shape != Shape::none) boxes = drawSelf(*frame);
    if (frame->recipe.memoised()) frame->drawn[&frame->recipe] = boxes;
    if (!stack_.empty()) finished_ = std::move(boxes);
  }

  Services drawSelf(const Frame& frame) {
    const Shape shape = frame.description.shape;
    const Outline outline = shape == Shape::dynamic  ? Outline::dynamic
                            : shape == Shape::action ? Outline::action
                                                     : Outline::function;
    const auto box = picture_.box(outline, frame.recipe.name());
    for (const Service& service : frame.fed.all()) picture_.arrow(*box, " --> ", boxOf(service));
    return under(frame.description.gives, box);
  }

  // Dotted arrows from what is tried first to what is there for its failure.
  void drawOtherwise(const Services& first, const Services& second) {
    for (const Service& service : first.all()) {
      if (const auto* other = second.find(service.id))
        picture_.arrow(boxOf(service), " -. or else .-> ", *static_cast<const Box*>(other->get()));
    }
  }

  Services valueBoxes(const Recipe& recipe) {
    const auto known = values_.find(&recipe);
    if (known != values_.end()) return known->second;
    Services boxes;
    for (const Service& service : recipe.value()->all()) {
      auto box = picture_.box(Outline::value, service.id.name());
      boxes = Services::join(boxes, Services(service.id, std::move(box)));
    }
    return values_[&recipe] = boxes;
  }

  Picture picture_;
  Frame::Drawn values_;
  std::vector<std::unique_ptr<Frame>> stack_;  // flat: a chain may be of any length
  std::optional<Services> finished_;           // of the frame that was on top
};

}  // namespace

std::string drawGraph(const Ref& ref) { return Drawing().draw(ref); }

}  // namespace persistance::layer::detail
