#pragma once
/// @file
/// Which layer of a list gets its services from which: decided at compile time, as numbers.
///
/// Every service is looked up by its TypeId in one sorted table, so a list of n layers costs the
/// compiler one evaluation of about n log n steps and not a class for each pair of layers.

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include <persistance/layer/detail/recipe.hpp>
#include <persistance/layer/type_id.hpp>

namespace persistance::layer::detail {

/// What one layer of the list needs and gives.
struct Listed {
  std::span<const TypeId> needs;
  std::span<const TypeId> gives;
};

/// What is wrong with a list, and where.
struct Fault {
  enum class Kind { none, missing, missingResult, twice, cycle, unused };
  Kind kind = Kind::none;
  std::size_t layer = 0;
  std::size_t other = 0;    // twice: the second layer; cycle: how many layers are in the ring
  std::size_t service = 0;  // its place among what the layer needs (twice: gives; or the results)
};

/// The plan of a list, without its length.
struct WiringView {
  std::span<const std::size_t> order;      // each layer after those that it needs
  std::span<const std::size_t> roots;      // the layers that the result stands on
  std::span<const std::size_t> needsFrom;  // where the needs of each layer begin in `from`
  std::span<const std::size_t> from;       // which layer gives it, need after need
};

/// The plan of a list of `Layers` layers that together need `Needs` services and give `Gives`.
template <std::size_t Layers, std::size_t Needs, std::size_t Gives>
class Wiring {
 public:
  using Parts = std::span<const Listed, Layers>;

  constexpr Wiring(Parts parts, std::span<const TypeId> results) : parts_(parts) {
    if (listGifts() && findNeeds() && findRoots(results) && placeRoots()) checkUsed();
  }

  Fault fault;
  std::array<std::size_t, Layers> ring{};  // cycle: each needs something of the next

  [[nodiscard]] constexpr WiringView view() const {
    return {order_, std::span(roots_).first(rootCount_), needsFrom_, from_};
  }

 private:
  struct Gift {
    std::uint64_t hash = 0;
    std::size_t layer = 0;
    std::size_t place = 0;

    constexpr bool operator<(const Gift& other) const {
      return hash != other.hash ? hash < other.hash : layer < other.layer;
    }
  };
  enum class State { untouched, open, placed };

  constexpr bool fail(Fault::Kind kind, std::size_t layer, std::size_t other, std::size_t service) {
    fault = Fault{kind, layer, other, service};
    return false;
  }

  constexpr const TypeId& idOf(const Gift& gift) const {
    return parts_[gift.layer].gives[gift.place];
  }

  constexpr bool listGifts() {
    std::size_t count = 0;
    for (std::size_t layer = 0; layer < Layers; ++layer) {
      for (std::size_t place = 0; place < parts_[layer].gives.size(); ++place)
        gifts_[count++] = Gift{parts_[layer].gives[place].hash(), layer, place};
    }
    std::sort(gifts_.begin(), gifts_.end());
    for (std::size_t i = 1; i < Gives; ++i) {
      // Two services of one hash are next to each other as good as never, and never wrong.
      for (std::size_t j = i; j > 0 && gifts_[j - 1].hash == gifts_[i].hash; --j) {
        if (idOf(gifts_[j - 1]) == idOf(gifts_[i]))
          return fail(Fault::Kind::twice, gifts_[j - 1].layer, gifts_[i].layer,
                      gifts_[j - 1].place);
      }
    }
    return true;
  }

  // The layer that gives a service; `Layers`: none.
  constexpr std::size_t giverOf(const TypeId& id) const {
    auto gift = std::lower_bound(gifts_.begin(), gifts_.end(), Gift{id.hash(), 0, 0});
    for (; gift != gifts_.end() && gift->hash == id.hash(); ++gift) {
      if (idOf(*gift) == id) return gift->layer;
    }
    return Layers;
  }

  constexpr bool findNeeds() {
    std::size_t count = 0;
    for (std::size_t layer = 0; layer < Layers; ++layer) {
      needsFrom_[layer] = count;
      for (std::size_t need = 0; need < parts_[layer].needs.size(); ++need) {
        const std::size_t giver = giverOf(parts_[layer].needs[need]);
        if (giver == Layers) return fail(Fault::Kind::missing, layer, 0, need);
        from_[count++] = giver;
      }
    }
    needsFrom_[Layers] = count;
    return true;
  }

  // Without named results all layers are wanted; else those that give one, and those that give
  // nothing, for they are there for what they do.
  constexpr bool findRoots(std::span<const TypeId> results) {
    std::array<bool, Layers> wanted{};
    for (std::size_t i = 0; i < results.size(); ++i) {
      const std::size_t giver = giverOf(results[i]);
      if (giver == Layers) return fail(Fault::Kind::missingResult, 0, 0, i);
      wanted[giver] = true;
    }
    for (std::size_t layer = 0; layer < Layers; ++layer) {
      if (results.empty() || wanted[layer] || parts_[layer].gives.empty())
        roots_[rootCount_++] = layer;
    }
    return true;
  }

  constexpr bool placeRoots() {
    for (std::size_t i = 0; i < rootCount_; ++i) {
      if (states_[roots_[i]] == State::untouched && !place(roots_[i])) return false;
    }
    return true;
  }

  // Depth first, with a stack of its own: a chain may be longer than a compiler's recursion.
  constexpr bool place(std::size_t root) {
    std::array<std::size_t, Layers> next{};  // for each open layer, the need to look at next
    std::size_t depth = open(root, 0, next);
    while (depth > 0) {
      const std::size_t layer = ring[depth - 1];
      if (next[layer] == needsFrom_[layer + 1]) {
        states_[layer] = State::placed;
        order_[placedCount_++] = layer;
        --depth;
        continue;
      }
      const std::size_t giver = from_[next[layer]++];
      if (states_[giver] == State::open) return closeRing(giver, depth, next[layer] - 1);
      if (states_[giver] == State::untouched) depth = open(giver, depth, next);
    }
    return true;
  }

  constexpr std::size_t open(std::size_t layer, std::size_t depth,
                             std::array<std::size_t, Layers>& next) {
    states_[layer] = State::open;
    next[layer] = needsFrom_[layer];
    ring[depth] = layer;
    return depth + 1;
  }

  // The stack from `giver` on is a ring; its last layer needs something of its first.
  constexpr bool closeRing(std::size_t giver, std::size_t depth, std::size_t need) {
    const auto first = std::find(ring.begin(), ring.end(), giver);
    const auto length = depth - static_cast<std::size_t>(first - ring.begin());
    const std::size_t last = ring[depth - 1];
    std::rotate(ring.begin(), first, ring.begin() + static_cast<std::ptrdiff_t>(depth));
    return fail(Fault::Kind::cycle, last, length, need - needsFrom_[last]);
  }

  constexpr void checkUsed() {
    for (std::size_t layer = 0; layer < Layers; ++layer) {
      if (states_[layer] != State::placed) return (void)fail(Fault::Kind::unused, layer, 0, 0);
    }
  }

  Parts parts_;
  std::array<Gift, Gives> gifts_{};
  std::array<std::size_t, Needs> from_{};
  std::array<std::size_t, Layers + 1> needsFrom_{};
  std::array<std::size_t, Layers> roots_{};
  std::size_t rootCount_ = 0;
  std::array<State, Layers> states_{};
  std::array<std::size_t, Layers> order_{};
  std::size_t placedCount_ = 0;
};

/// A layer that is put together from a list as its plan says. Each layer is built once.
[[nodiscard]] RecipePtr wireRecipe(std::vector<Ref> layers, const WiringView& wiring);

}  // namespace persistance::layer::detail
