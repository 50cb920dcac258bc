#include <persistance/layer/node.hpp>

#include "flat_delete.hpp"
#include "node_base.hpp"

namespace persistance::layer::detail {
namespace {

template <class Kind, class... Arguments>
NodePtr make(Arguments&&... arguments) {
  return NodePtr(static_cast<const Node*>(new Kind(std::forward<Arguments>(arguments)...)),
                 FlatDelete<const Node>());
}

std::vector<std::pair<Ref, Services>> one(const Ref& ref, Services services) {
  std::vector<std::pair<Ref, Services>> list;
  list.emplace_back(ref, std::move(services));
  return list;
}

class Succeed final : public Node {
 public:
  explicit Succeed(Services services) : services_(std::move(services)) {}
  const Services* value() const override { return &services_; }
  void advance(Build& build, int) const override { build.done(services_); }

 private:
  Services services_;
};

class OfFunction final : public Node {
 public:
  OfFunction(FunctionPtr function, std::string name)
      : function_(std::move(function)), name_(std::move(name)) {}

  void advance(Build& build, int phase) const override {
    if (phase == 0) {
      build.call(*function_, build.services, nullptr);
    } else {
      build.done(build.given().services);
    }
  }

 private:
  FunctionPtr function_;
  std::string name_;
};

class Provide final : public Node {
 public:
  Provide(Ref self, Ref dependency, bool merged)
      : self_(std::move(self)), dependency_(std::move(dependency)), merged_(merged) {}

  void advance(Build& build, int phase) const override {
    if (phase == 0) {
      build.build(one(dependency_, build.services.only(dependency_.needs)), true);
    } else if (phase == 1) {
      const Services dependency = build.answers[0].services;
      Services all = Services::join(build.services, dependency);
      build.services = merged_ ? dependency : Services();
      build.build(one(self_, all.only(self_.needs)), true);
    } else {
      build.done(Services::join(build.services, build.answers[0].services));
    }
  }

 private:
  Ref self_;
  Ref dependency_;
  bool merged_;
};

class Merge final : public Node {
 public:
  explicit Merge(std::vector<Ref> all) : all_(std::move(all)) {}

  void advance(Build& build, int phase) const override {
    if (phase == 0) {
      build.releaseTogether();
      std::vector<std::pair<Ref, Services>> list;
      for (const Ref& ref : all_) list.emplace_back(ref, build.services.only(ref.needs));
      build.build(std::move(list), true);
      return;
    }
    Services all;
    for (const Answer& answer : build.answers) all = Services::join(all, answer.services);
    build.done(std::move(all));
  }

 private:
  std::vector<Ref> all_;
};

class Fresh final : public Node {
 public:
  explicit Fresh(Ref inner) : inner_(std::move(inner)) {}

  bool memoised() const override { return false; }
  void advance(Build& build, int phase) const override {
    if (phase == 0) {
      build.build(one(inner_, build.services), false);
    } else {
      build.done(build.answers[0].services);
    }
  }

 private:
  Ref inner_;
};

}  // namespace

NodePtr succeedNode(Services services) { return make<Succeed>(std::move(services)); }

NodePtr functionNode(FunctionPtr function, std::string name) {
  return make<OfFunction>(std::move(function), std::move(name));
}

NodePtr provideNode(Ref self, Ref dependency, bool merged) {
  return make<Provide>(std::move(self), std::move(dependency), merged);
}

NodePtr mergeNode(std::vector<Ref> all) { return make<Merge>(std::move(all)); }

NodePtr freshNode(Ref inner) { return make<Fresh>(std::move(inner)); }

}  // namespace persistance::layer::detail
