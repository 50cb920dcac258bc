#pragma once
/// @file
/// What the kinds of layers say, and to whom.

#include <chrono>
#include <exception>
#include <string>
#include <vector>

#include <persistance/layer/node.hpp>

namespace persistance::layer::detail {

/// A layer that a node asks for.
struct Wanted {
  Ref layer;
  Services services;

  Wanted(Ref layer_, Services services_)
      : layer(std::move(layer_)), services(std::move(services_)) {}
};

/// What became of it.
struct Built {
  Services services;
  std::exception_ptr error;  // only where failures were asked for
};

/// Where layers are looked up.
enum class Sharing { shared, fresh };
/// What a failing layer means to the one that asked.
enum class OnError { fail, tell };

/// A build, as its node sees it. Each step says one thing: build these, call this, wait so long,
/// or done; then the node goes on when that is there.
class Build {
 public:
  Services services;         // what the node was given
  Services kept;             // what the node wants to find again in a later step
  std::exception_ptr error;  // the same
  std::vector<Built> built;  // of the last build()
  Given given;               // of the last call()

  virtual void build(std::vector<Wanted> layers, Sharing sharing, OnError onError) = 0;
  virtual void call(const Function& function, Services with, std::exception_ptr error) = 0;
  virtual void wait(std::chrono::milliseconds duration) = 0;
  virtual void done(Services result) = 0;
  virtual void fail(std::exception_ptr error) = 0;
  /// What is built here is released together, and not in reverse.
  virtual void releaseTogether() = 0;

  void build(const Ref& layer, const Services& with, Sharing sharing = Sharing::shared,
             OnError onError = OnError::fail) {
    std::vector<Wanted> one;
    one.emplace_back(layer, with.only(layer.needs));
    build(std::move(one), sharing, onError);
  }

 protected:
  ~Build() = default;
};

/// What the function of a layer makes, and which services that provides.
struct Made {
  enum class Kind { nothing, service, layer };
  Kind kind = Kind::nothing;
  std::span<const TypeId> gives;
};

/// An immutable description of a layer; its address is the layer's identity.
class Node {
 public:
  Node() = default;
  Node(const Node&) = delete;
  Node& operator=(const Node&) = delete;
  virtual ~Node() = default;

  /// Goes on with a build: `step` is 0 at first, and one more each time that what it asked for is
  /// there. An exception is a failure of the layer.
  virtual void advance(Build& build, int step) const = 0;

  /// The service of a layer's function, else the word that made the layer.
  [[nodiscard]] virtual std::string_view name() const = 0;

  /// What needs no building at all; else null.
  [[nodiscard]] virtual const Services* value() const { return nullptr; }

  /// One build in a memo map; else each request has its own.
  [[nodiscard]] virtual bool memoised() const { return true; }

  /// Which layers it is made of is known only when it is built.
  [[nodiscard]] virtual bool dynamic() const { return false; }

  // For the picture only:
  [[nodiscard]] virtual Made made() const { return {}; }
  /// A second layer, for when the first fails; else null.
  [[nodiscard]] virtual const Ref* otherwise() const { return nullptr; }
};

}  // namespace persistance::layer::detail
