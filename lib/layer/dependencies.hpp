#pragma once
/// @file
/// What a layer was given lives as long as what it made.

#include <memory>

#include <persistance/layer/detail/services.hpp>

namespace persistance::layer::detail {

/// The services that a layer was given. Kept by whatever may use them: what the layer made, its
/// scope and its tasks. So also where an execution context is dropped, a service is destroyed after
/// all that depends on it.
struct Dependencies {
  Services services;

  explicit Dependencies(Services services_) : services(std::move(services_)) {}
  Dependencies(const Dependencies&) = delete;
  Dependencies& operator=(const Dependencies&) = delete;
  /// On a flat stack, however long the chain of those that depend on each other.
  ~Dependencies();
};
using DependenciesPtr = std::shared_ptr<Dependencies>;

/// The same services, each of which keeps `dependencies`, where there are some.
[[nodiscard]] Services keeping(const Services& made, const DependenciesPtr& dependencies);

}  // namespace persistance::layer::detail
