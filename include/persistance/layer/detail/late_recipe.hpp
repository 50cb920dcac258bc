#pragma once
/// @file
/// The kinds of layers that look at what became of another one.

#include <chrono>
#include <span>
#include <string_view>

#include <persistance/layer/detail/recipe.hpp>
#include <persistance/layer/schedule.hpp>

namespace persistance::layer::detail {

// As in recipe.hpp: names and ids live for ever.
[[nodiscard]] RecipePtr flatMapRecipe(Ref first, FunctionPtr next, std::string_view name,
                                      std::span<const TypeId> gives);
[[nodiscard]] RecipePtr catchRecipe(Ref first, FunctionPtr next);
[[nodiscard]] RecipePtr orElseRecipe(Ref first, Ref second);
[[nodiscard]] RecipePtr tapRecipe(Ref inner, FunctionPtr function);
[[nodiscard]] RecipePtr tapErrorRecipe(Ref inner, FunctionPtr function);
[[nodiscard]] RecipePtr retryRecipe(Ref inner, Schedule schedule);
/// Fails with BuildTimeout where `inner` is not built after `duration`.
[[nodiscard]] RecipePtr limitedRecipe(Ref inner, std::chrono::milliseconds duration);

}  // namespace persistance::layer::detail
