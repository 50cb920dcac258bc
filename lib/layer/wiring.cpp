#include <algorithm>
#include <persistance/layer/detail/wiring.hpp>
#include <utility>

#include "steps.hpp"

namespace persistance::layer::detail {
namespace {

using Indices = std::span<const std::size_t>;

class Wirer {
 public:
  Wirer(std::vector<Ref> layers, const WiringView& wiring)
      : layers_(std::move(layers)), wiring_(wiring), recipes_(layers_.size()) {}

  RecipePtr wire() {
    for (const std::size_t layer : wiring_.order) recipes_[layer] = onItsGivers(layer);
    return mergeRecipe(wired(wiring_.roots));
  }

 private:
  // Each layer once, whatever it gives.
  std::vector<std::size_t> giversOf(std::size_t layer) const {
    const std::size_t begin = wiring_.needsFrom[layer];
    const Indices all = wiring_.from.subspan(begin, wiring_.needsFrom[layer + 1] - begin);
    std::vector<std::size_t> once;
    for (const std::size_t giver : all) {
      if (std::find(once.begin(), once.end(), giver) == once.end()) once.push_back(giver);
    }
    return once;
  }

  // The layers, once they are put on what they need: they need nothing more.
  std::vector<Ref> wired(Indices layers) const {
    std::vector<Ref> all;
    all.reserve(layers.size());
    for (const std::size_t layer : layers)
      all.emplace_back(recipes_[layer], std::span<const TypeId>(), layers_[layer].gives);
    return all;
  }

  RecipePtr onItsGivers(std::size_t layer) const {
    const Ref& self = layers_[layer];
    const std::vector<std::size_t> givers = giversOf(layer);
    if (!givers.empty()) {
      const RecipePtr below = mergeRecipe(wired(givers));
      return provideRecipe(self, Ref(below, {}, self.needs), false);
    }
    // `fresh` means outside of the list; in it there is one.
    if (!self.recipe->memoised()) return mergeRecipe({self});
    return self.recipe;
  }

  const std::vector<Ref> layers_;
  const WiringView wiring_;
  std::vector<RecipePtr> recipes_;
};

}  // namespace

RecipePtr wireRecipe(std::vector<Ref> layers, const WiringView& wiring) {
  return Wirer(std::move(layers), wiring).wire();
}

}  // namespace persistance::layer::detail
