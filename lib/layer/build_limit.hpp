#pragma once
/// @file
/// How long a build may take.

#include <chrono>
#include <exception>
#include <memory>

#include "operation.hpp"

namespace persistance::layer::detail {

class Instance;

/// A timer that runs beside what an instance builds.
class BuildLimit final : public OperationOwner {
 public:
  BuildLimit(std::weak_ptr<Instance> instance, std::exception_ptr late);

  void start(std::chrono::milliseconds duration);
  void stop();

  void step() override {}
  void ended(std::exception_ptr error) override;

 private:
  std::weak_ptr<Instance> instance_;  // weak: what it builds keeps it
  const std::exception_ptr late_;
  std::shared_ptr<Operation> timer_;
};

}  // namespace persistance::layer::detail
