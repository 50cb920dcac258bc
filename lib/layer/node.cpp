#include <random>
#include <string>

#include "build_step.hpp"
#include "flat_delete.hpp"

namespace persistance::layer::detail {
namespace {

template <class Kind, class... Arguments>
NodePtr make(Arguments&&... arguments) {
  return NodePtr(static_cast<const Node*>(new Kind(std::forward<Arguments>(arguments)...)),
                 FlatDelete<const Node>());
}

class Succeed final : public Node {
 public:
  explicit Succeed(Services services) : services_(std::move(services)) {}
  std::string_view name() const override { return "succeed"; }
  const Services* value() const override { return &services_; }
  void advance(Build& build, int) const override { build.done(services_); }

 private:
  const Services services_;
};

class OfFunction final : public Node {
 public:
  OfFunction(FunctionPtr function, std::string_view name, std::span<const TypeId> gives)
      : function_(std::move(function)), name_(name), gives_(gives) {}
  std::string_view name() const override { return name_; }
  Made made() const override { return {Made::Kind::service, gives_}; }

  void advance(Build& build, int step) const override {
    if (step == 0) return build.call(*function_, build.services, nullptr);
    build.done(build.given.services);
  }

 private:
  const FunctionPtr function_;
  const std::string_view name_;
  const std::span<const TypeId> gives_;
};

class Provide final : public Node {
 public:
  Provide(Ref self, Ref dependency, bool merged)
      : self_(std::move(self)), dependency_(std::move(dependency)), merged_(merged) {}
  std::string_view name() const override { return merged_ ? "provideMerge" : "provide"; }

  void advance(Build& build, int step) const override {
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

class Merge final : public Node {
 public:
  explicit Merge(std::vector<Ref> all) : all_(std::move(all)) {}
  std::string_view name() const override { return "merge"; }

  void advance(Build& build, int step) const override {
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

class Fresh final : public Node {
 public:
  explicit Fresh(Ref inner) : inner_(std::move(inner)) {}
  std::string_view name() const override { return "fresh"; }
  bool memoised() const override { return false; }

  void advance(Build& build, int step) const override {
    if (step == 0) return build.build(inner_, build.services, Sharing::fresh);
    build.done(build.built[0].services);
  }

 private:
  const Ref inner_;
};

class FlatMap final : public Node {
 public:
  FlatMap(Ref first, FunctionPtr next, std::string_view name, std::span<const TypeId> gives)
      : first_(std::move(first)), next_(std::move(next)), name_(name), gives_(gives) {}
  std::string_view name() const override { return name_; }
  bool dynamic() const override { return true; }
  Made made() const override { return {Made::Kind::layer, gives_}; }

  void advance(Build& build, int step) const override {
    if (step == 0) return build.build(first_, build.services);
    if (step == 1) {
      Services all = Services::join(build.services, build.built[0].services);
      return build.call(*next_, std::move(all), nullptr);
    }
    if (step == 2) return build.build(build.given.layer, build.services);
    build.done(build.built[0].services);
  }

 private:
  const Ref first_;
  const FunctionPtr next_;
  const std::string_view name_;
  const std::span<const TypeId> gives_;
};

class Catch final : public Node {
 public:
  Catch(Ref first, FunctionPtr next) : first_(std::move(first)), next_(std::move(next)) {}
  std::string_view name() const override { return "catchAll"; }
  bool dynamic() const override { return true; }

  void advance(Build& build, int step) const override {
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

class OrElse final : public Node {
 public:
  OrElse(Ref first, Ref second) : first_(std::move(first)), second_(std::move(second)) {}
  std::string_view name() const override { return "orElse"; }
  const Ref* otherwise() const override { return &second_; }

  void advance(Build& build, int step) const override {
    if (step == 0) return build.build(first_, build.services, Sharing::shared, OnError::tell);
    if (step == 1 && build.built[0].error) return build.build(second_, build.services);
    build.done(build.built[0].services);
  }

 private:
  const Ref first_;
  const Ref second_;
};

class Tap final : public Node {
 public:
  Tap(Ref inner, FunctionPtr function) : inner_(std::move(inner)), function_(std::move(function)) {}
  std::string_view name() const override { return "tap"; }

  void advance(Build& build, int step) const override {
    if (step == 0) return build.build(inner_, build.services);
    if (step == 1) {
      build.kept = build.built[0].services;
      return build.call(*function_, Services::join(build.services, build.kept), nullptr);
    }
    build.done(build.kept);
  }

 private:
  const Ref inner_;
  const FunctionPtr function_;
};

class TapError final : public Node {
 public:
  TapError(Ref inner, FunctionPtr function)
      : inner_(std::move(inner)), function_(std::move(function)) {}
  std::string_view name() const override { return "tapError"; }

  void advance(Build& build, int step) const override {
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

class Retry final : public Node {
 public:
  Retry(Ref inner, Schedule schedule) : inner_(std::move(inner)), schedule_(std::move(schedule)) {}
  std::string_view name() const override { return "retry"; }

  // Even steps try; odd ones look at what came of it. What failed once is not asked for again.
  void advance(Build& build, int step) const override {
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

}  // namespace

NodePtr succeedNode(Services services) { return make<Succeed>(std::move(services)); }

NodePtr functionNode(FunctionPtr function, std::string_view name, std::span<const TypeId> gives) {
  return make<OfFunction>(std::move(function), name, gives);
}

NodePtr provideNode(Ref self, Ref dependency, bool merged) {
  return make<Provide>(std::move(self), std::move(dependency), merged);
}

NodePtr mergeNode(std::vector<Ref> all) { return make<Merge>(std::move(all)); }

NodePtr freshNode(Ref inner) { return make<Fresh>(std::move(inner)); }

NodePtr flatMapNode(Ref first, FunctionPtr next, std::string_view name,
                    std::span<const TypeId> gives) {
  return make<FlatMap>(std::move(first), std::move(next), name, gives);
}

NodePtr catchNode(Ref first, FunctionPtr next) {
  return make<Catch>(std::move(first), std::move(next));
}

NodePtr orElseNode(Ref first, Ref second) {
  return make<OrElse>(std::move(first), std::move(second));
}

NodePtr tapNode(Ref inner, FunctionPtr function) {
  return make<Tap>(std::move(inner), std::move(function));
}

NodePtr tapErrorNode(Ref inner, FunctionPtr function) {
  return make<TapError>(std::move(inner), std::move(function));
}

NodePtr retryNode(Ref inner, Schedule schedule) {
  return make<Retry>(std::move(inner), std::move(schedule));
}

}  // namespace persistance::layer::detail
