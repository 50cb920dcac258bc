#include <persistance/layer/detail/late_recipe.hpp>

#include <persistance/layer/error.hpp>
#include <random>
#include <string>
#include <utility>

#include "flat_delete.hpp"
#include "instance.hpp"
#include "steps.hpp"

namespace persistance::layer::detail {
namespace {

Description onePart(const Ref& layer) {
  Description one;
  one.parts.emplace_back(layer, Role::shown);
  return one;
}

class FlatMap final : public Recipe {
 public:
  FlatMap(Ref first, FunctionPtr next, std::string_view name, std::span<const TypeId> gives)
      : first_(std::move(first)), next_(std::move(next)), name_(name), gives_(gives) {}
  std::string_view name() const override { return name_; }
  bool dynamic() const override { return true; }

  Description describe() const override {
    Description self;
    self.parts.emplace_back(first_, Role::fed);
    self.shape = Description::Shape::dynamic;
    self.gives = gives_;
    return self;
  }

  void advance(Instance& build, int step) const override {
    if (step == 0) return build.build(first_, build.services);
    if (step == 1)
      return build.call(*next_, Services::join(build.services, build.built[0].services));
    if (step == 2) return build.build(build.given.layer, build.services);
    build.done(build.built[0].services);
  }

 private:
  const Ref first_;
  const FunctionPtr next_;
  const std::string_view name_;
  const std::span<const TypeId> gives_;
};

class Tap final : public Recipe {
 public:
  Tap(Ref inner, FunctionPtr function) : inner_(std::move(inner)), function_(std::move(function)) {}
  std::string_view name() const override { return "tap"; }
  Description describe() const override { return onePart(inner_); }

  void advance(Instance& build, int step) const override {
    if (step == 0) return build.build(inner_, build.services);
    if (step == 1) {
      build.kept = build.built[0].services;
      return build.call(*function_, Services::join(build.services, build.kept));
    }
    build.done(build.kept);
  }

 private:
  const Ref inner_;
  const FunctionPtr function_;
};

class Catch final : public Recipe {
 public:
  Catch(Ref first, FunctionPtr next) : first_(std::move(first)), next_(std::move(next)) {}
  std::string_view name() const override { return "catchAll"; }
  bool dynamic() const override { return true; }
  Description describe() const override { return onePart(first_); }

  void advance(Instance& build, int step) const override {
    if (step == 0) return build.build(first_, build.services, Sharing::shared, OnError::tell);
    if (step == 1 && build.built[0].error)
      return build.call(*next_, build.services, build.built[0].error);
    if (step == 2) return build.build(build.given.layer, build.services);
    build.done(build.built[0].services);
  }

 private:
  const Ref first_;
  const FunctionPtr next_;
};

class OrElse final : public Recipe {
 public:
  OrElse(Ref first, Ref second) : first_(std::move(first)), second_(std::move(second)) {}
  std::string_view name() const override { return "orElse"; }

  Description describe() const override {
    Description parts = onePart(first_);
    parts.parts.emplace_back(second_, Role::otherwise);
    return parts;
  }

  void advance(Instance& build, int step) const override {
    if (step == 0) return build.build(first_, build.services, Sharing::shared, OnError::tell);
    if (step == 1 && build.built[0].error) return build.build(second_, build.services);
    build.done(build.built[0].services);
  }

 private:
  const Ref first_;
  const Ref second_;
};

class TapError final : public Recipe {
 public:
  TapError(Ref inner, FunctionPtr function)
      : inner_(std::move(inner)), function_(std::move(function)) {}
  std::string_view name() const override { return "tapError"; }
  Description describe() const override { return onePart(inner_); }

  void advance(Instance& build, int step) const override {
    if (step == 0) return build.build(inner_, build.services, Sharing::shared, OnError::tell);
    if (step == 2) return build.fail(build.error);
    if (!build.built[0].error) return build.done(build.built[0].services);
    build.error = build.built[0].error;
    build.call(*function_, build.services, build.error);
  }

 private:
  const Ref inner_;
  const FunctionPtr function_;
};

double randomFraction() {
  thread_local std::minstd_rand generator{std::random_device{}()};
  return std::uniform_real_distribution<double>(0, 1)(generator);
}

class Retry final : public Recipe {
 public:
  Retry(Ref inner, Schedule schedule) : inner_(std::move(inner)), schedule_(std::move(schedule)) {}
  std::string_view name() const override { return "retry"; }
  Description describe() const override { return onePart(inner_); }

  // Even steps try; odd ones look at what came of it. What failed once is not asked for again.
  void advance(Instance& build, int step) const override {
    const Sharing sharing = step == 0 ? Sharing::shared : Sharing::fresh;
    if (step % 2 == 0) return build.build(inner_, build.services, sharing, OnError::tell);
    if (!build.built[0].error) return build.done(build.built[0].services);
    const int tries = step / 2 + 1;
    const auto delay = schedule_.next(tries, build.built[0].error, randomFraction());
    if (!delay) return build.fail(build.built[0].error);
    build.wait(*delay);
  }

 private:
  const Ref inner_;
  const Schedule schedule_;
};

class Limited final : public Recipe {
 public:
  Limited(Ref inner, std::chrono::milliseconds duration)
      : inner_(std::move(inner)), duration_(duration) {}
  std::string_view name() const override { return "timeout"; }
  Description describe() const override { return onePart(inner_); }

  void advance(Instance& build, int step) const override {
    if (step == 1) return build.done(build.built[0].services);
    const std::string_view layer =
        inner_.gives.empty() ? inner_.recipe->name() : inner_.gives[0].name();
    build.within(duration_, std::make_exception_ptr(BuildTimeout(std::string(layer), duration_)));
    build.build(inner_, build.services);
  }

 private:
  const Ref inner_;
  const std::chrono::milliseconds duration_;
};

}  // namespace

RecipePtr limitedRecipe(Ref inner, std::chrono::milliseconds duration) {
  return makeRecipe<Limited>(std::move(inner), duration);
}

RecipePtr flatMapRecipe(Ref first, FunctionPtr next, std::string_view name,
                        std::span<const TypeId> gives) {
  return makeRecipe<FlatMap>(std::move(first), std::move(next), name, gives);
}

RecipePtr tapRecipe(Ref inner, FunctionPtr function) {
  return makeRecipe<Tap>(std::move(inner), std::move(function));
}

RecipePtr catchRecipe(Ref first, FunctionPtr next) {
  return makeRecipe<Catch>(std::move(first), std::move(next));
}

RecipePtr orElseRecipe(Ref first, Ref second) {
  return makeRecipe<OrElse>(std::move(first), std::move(second));
}

RecipePtr tapErrorRecipe(Ref inner, FunctionPtr function) {
  return makeRecipe<TapError>(std::move(inner), std::move(function));
}

RecipePtr retryRecipe(Ref inner, Schedule schedule) {
  return makeRecipe<Retry>(std::move(inner), std::move(schedule));
}

}  // namespace persistance::layer::detail
