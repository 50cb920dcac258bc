#include <persistance/layer/detail/recipe.hpp>

#include <utility>

#include "flat_delete.hpp"
#include "instance.hpp"
#include "steps.hpp"

namespace persistance::layer::detail {
namespace {

class Succeed final : public Recipe {
 public:
  explicit Succeed(Services services) : services_(std::move(services)) {}
  std::string_view name() const override { return "succeed"; }
  const Services* value() const override { return &services_; }
  Description describe() const override { return {}; }
  void advance(Instance& build, int) const override { build.done(services_); }

 private:
  const Services services_;
};

class OfFunction final : public Recipe {
 public:
  OfFunction(FunctionPtr function, std::string_view name, std::span<const TypeId> gives)
      : function_(std::move(function)), name_(name), gives_(gives) {}
  std::string_view name() const override { return name_; }
  bool observed() const override { return true; }

  Description describe() const override {
    Description self;
    self.shape = gives_.empty() ? Description::Shape::action : Description::Shape::function;
    self.gives = gives_;
    return self;
  }

  void advance(Instance& build, int step) const override {
    if (step == 0) return build.call(*function_, build.services);
    build.done(keeping(build.given.services, build.scope()->dependencies));
  }

 private:
  const FunctionPtr function_;
  const std::string_view name_;
  const std::span<const TypeId> gives_;
};

class Provide final : public Recipe {
 public:
  Provide(Ref self, Ref dependency, bool merged)
      : self_(std::move(self)), dependency_(std::move(dependency)), merged_(merged) {}
  std::string_view name() const override { return merged_ ? "provideMerge" : "provide"; }

  Description describe() const override {
    Description parts;
    parts.parts.emplace_back(dependency_, merged_ ? Role::both : Role::fed);
    parts.parts.emplace_back(self_, Role::shown);
    return parts;
  }

  void advance(Instance& build, int step) const override {
    if (step == 0) return build.build(dependency_, build.services);
    if (step == 1) {
      const Services dependency = build.built[0].services;
      if (merged_) build.kept = dependency;
      return build.build(self_, Services::join(build.services, dependency));
    }
    build.done(Services::join(build.kept, build.built[0].services));
  }

 private:
  const Ref self_;
  const Ref dependency_;
  const bool merged_;
};

class Merge final : public Recipe {
 public:
  explicit Merge(std::vector<Ref> all) : all_(std::move(all)) {}
  std::string_view name() const override { return "merge"; }

  Description describe() const override {
    Description parts;
    for (const Ref& ref : all_) parts.parts.emplace_back(ref, Role::shown);
    return parts;
  }

  void advance(Instance& build, int step) const override {
    if (step == 0) {
      build.releaseTogether();
      std::vector<Wanted> wanted;
      wanted.reserve(all_.size());
      for (const Ref& ref : all_) wanted.emplace_back(ref, build.services.only(ref.needs));
      return build.build(std::move(wanted), Sharing::shared, OnError::fail);
    }
    std::vector<Services> all;
    all.reserve(build.built.size());
    for (const Built& built : build.built) all.push_back(built.services);
    build.done(Services::join(all));
  }

 private:
  const std::vector<Ref> all_;
};

class Fresh final : public Recipe {
 public:
  explicit Fresh(Ref inner) : inner_(std::move(inner)) {}
  std::string_view name() const override { return "fresh"; }
  bool memoised() const override { return false; }

  Description describe() const override {
    Description part;
    part.parts.emplace_back(inner_, Role::shown);
    part.sharing = Sharing::fresh;
    return part;
  }

  void advance(Instance& build, int step) const override {
    if (step == 0) return build.build(inner_, build.services, Sharing::fresh);
    build.done(build.built[0].services);
  }

 private:
  const Ref inner_;
};

class Observed final : public Recipe {
 public:
  Observed(Ref inner, Observer observer)
      : inner_(std::move(inner)),
        observer_(std::make_shared<const Observer>(std::move(observer))) {}
  std::string_view name() const override { return "observe"; }

  Description describe() const override {
    Description part;
    part.parts.emplace_back(inner_, Role::shown);
    return part;
  }

  void advance(Instance& build, int step) const override {
    if (step == 1) return build.done(build.built[0].services);
    build.tellTo(observer_);
    build.build(inner_, build.services);
  }

 private:
  const Ref inner_;
  const std::shared_ptr<const Observer> observer_;
};

}  // namespace

RecipePtr observedRecipe(Ref inner, Observer observer) {
  return makeRecipe<Observed>(std::move(inner), std::move(observer));
}

RecipePtr succeedRecipe(Services services) { return makeRecipe<Succeed>(std::move(services)); }

RecipePtr functionRecipe(FunctionPtr function, std::string_view name,
                         std::span<const TypeId> gives) {
  return makeRecipe<OfFunction>(std::move(function), name, gives);
}

RecipePtr provideRecipe(Ref self, Ref dependency, bool merged) {
  return makeRecipe<Provide>(std::move(self), std::move(dependency), merged);
}

RecipePtr mergeRecipe(std::vector<Ref> all) { return makeRecipe<Merge>(std::move(all)); }

RecipePtr freshRecipe(Ref inner) { return makeRecipe<Fresh>(std::move(inner)); }

}  // namespace persistance::layer::detail
