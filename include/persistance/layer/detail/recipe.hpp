#pragma once
/// @file
/// A layer without its types: what the handles point to and the worker builds.

#include <exception>
#include <memory>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

#include <persistance/asio.hpp>
#include <persistance/layer/detail/services.hpp>
#include <persistance/layer/layer_event.hpp>
#include <persistance/layer/scope.hpp>
#include <persistance/layer/type_id.hpp>

namespace persistance::layer::detail {

class Recipe;
using RecipePtr = std::shared_ptr<const Recipe>;

/// A recipe, as its user sees it: a handle may need more and give less than the recipe itself.
struct Ref {
  RecipePtr recipe;
  std::span<const TypeId> needs;
  std::span<const TypeId> gives;

  Ref() = default;
  Ref(RecipePtr recipe_, std::span<const TypeId> needs_, std::span<const TypeId> gives_)
      : recipe(std::move(recipe_)), needs(needs_), gives(gives_) {}
};

/// What a function of the user's is called with.
struct Call {
  Services services;
  mutable Scope scope;  // a handle; functions take it as Scope&
  std::exception_ptr error;

  Call(Services services_, Scope scope_, std::exception_ptr error_ = nullptr)
      : services(std::move(services_)), scope(std::move(scope_)), error(std::move(error_)) {}
};

/// What it gave: services, or a layer.
struct Given {
  Services services;
  Ref layer;
};

/// A function of the user's, with the services that it takes. The awaitable may be empty: then it
/// is done already. `call` and `given` outlive the awaitable.
class Function {
 public:
  Function() = default;
  Function(const Function&) = delete;
  Function& operator=(const Function&) = delete;
  virtual ~Function() = default;
  [[nodiscard]] virtual asio::awaitable<void> call(const Call& call, Given& given) const = 0;
};
using FunctionPtr = std::unique_ptr<const Function>;

// The kinds of layers. Names and ids live for ever. `gives`: what the layer, or the one that its
// function makes, provides.
[[nodiscard]] RecipePtr succeedRecipe(Services services);
[[nodiscard]] RecipePtr functionRecipe(FunctionPtr function, std::string_view name,
                                       std::span<const TypeId> gives);
[[nodiscard]] RecipePtr provideRecipe(Ref self, Ref dependency, bool merged);
[[nodiscard]] RecipePtr mergeRecipe(std::vector<Ref> all);
[[nodiscard]] RecipePtr freshRecipe(Ref inner);
/// What is built of `inner`, and below it, is told to `observer`.
[[nodiscard]] RecipePtr observedRecipe(Ref inner, Observer observer);

}  // namespace persistance::layer::detail
