#pragma once
/// @file
/// A layer without its types: what the handles point to and the engine builds.

#include <exception>
#include <memory>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

#include <persistance/asio.hpp>
#include <persistance/layer/schedule.hpp>
#include <persistance/layer/scope.hpp>
#include <persistance/layer/services.hpp>
#include <persistance/layer/type_id.hpp>

namespace persistance::layer::detail {

class Node;
using NodePtr = std::shared_ptr<const Node>;

/// A node, as its user sees it: a handle may need more and give less than the node itself.
struct Ref {
  NodePtr node;
  std::span<const TypeId> needs;
  std::span<const TypeId> gives;

  Ref() = default;
  Ref(NodePtr node_, std::span<const TypeId> needs_, std::span<const TypeId> gives_)
      : node(std::move(node_)), needs(needs_), gives(gives_) {}
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
[[nodiscard]] NodePtr succeedNode(Services services);
[[nodiscard]] NodePtr functionNode(FunctionPtr function, std::string_view name,
                                   std::span<const TypeId> gives);
[[nodiscard]] NodePtr provideNode(Ref self, Ref dependency, bool merged);
[[nodiscard]] NodePtr mergeNode(std::vector<Ref> all);
[[nodiscard]] NodePtr freshNode(Ref inner);
[[nodiscard]] NodePtr flatMapNode(Ref first, FunctionPtr next, std::string_view name,
                                  std::span<const TypeId> gives);
[[nodiscard]] NodePtr catchNode(Ref first, FunctionPtr next);
[[nodiscard]] NodePtr orElseNode(Ref first, Ref second);
[[nodiscard]] NodePtr tapNode(Ref inner, FunctionPtr function);
[[nodiscard]] NodePtr tapErrorNode(Ref inner, FunctionPtr function);
[[nodiscard]] NodePtr retryNode(Ref inner, Schedule schedule);

}  // namespace persistance::layer::detail
