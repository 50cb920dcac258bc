#pragma once
/// @file
/// What the kinds of layers have in common.

#include <exception>
#include <string_view>
#include <vector>

#include <persistance/layer/detail/recipe.hpp>

namespace persistance::layer::detail {

class Instance;

/// A layer that a recipe asks for.
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

/// What becomes of a part's services.
enum class Role {
  shown,     // the whole provides them
  fed,       // the later parts see them
  both,      // both
  otherwise  // there where the first part failed
};

struct Part {
  Ref layer;
  Role role;

  Part(Ref layer_, Role role_) : layer(std::move(layer_)), role(role_) {}
};

/// What a recipe is, for the picture: what it is made of, then what it makes itself.
struct Description {
  enum class Shape { none, function, action, dynamic };

  std::vector<Part> parts;
  Shape shape = Shape::none;
  std::span<const TypeId> gives;  // of the shape; of the parts where there is none
  Sharing sharing = Sharing::shared;
};

/// An immutable description of a layer; its address is the layer's identity.
class Recipe {
 public:
  Recipe() = default;
  Recipe(const Recipe&) = delete;
  Recipe& operator=(const Recipe&) = delete;
  virtual ~Recipe() = default;

  /// Goes on with a build: `step` is 0 at first, and one more each time that what it asked for is
  /// there. An exception is a failure of the layer.
  virtual void advance(Instance& build, int step) const = 0;

  /// The service of a layer's function, else the word that made the layer.
  [[nodiscard]] virtual std::string_view name() const = 0;

  [[nodiscard]] virtual Description describe() const = 0;

  /// What needs no building at all; else null.
  [[nodiscard]] virtual const Services* value() const { return nullptr; }

  /// One build in a memo map; else each request has its own.
  [[nodiscard]] virtual bool memoised() const { return true; }

  /// It is a layer of a function, and as such told to observers.
  [[nodiscard]] virtual bool observed() const { return false; }

  /// Which layers it is made of is known only when it is built.
  [[nodiscard]] virtual bool dynamic() const { return false; }
};

}  // namespace persistance::layer::detail
