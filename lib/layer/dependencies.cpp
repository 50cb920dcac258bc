#include "dependencies.hpp"

#include <utility>
#include <vector>

namespace persistance::layer::detail {
namespace {

// `object` dies first.
struct Keeping {
  DependenciesPtr dependencies;
  std::shared_ptr<void> object;

  Keeping(DependenciesPtr dependencies_, std::shared_ptr<void> object_)
      : dependencies(std::move(dependencies_)), object(std::move(object_)) {}
};

}  // namespace

Services keeping(const Services& made, const DependenciesPtr& dependencies) {
  if (dependencies->services.size() == 0) return made;
  std::vector<Services> all;
  all.reserve(made.size());
  for (const Service& service : made.all()) {
    const auto kept = std::make_shared<Keeping>(dependencies, service.object);
    all.push_back(Services(service.id, std::shared_ptr<void>(kept, service.object.get())));
  }
  return Services::join(all);
}

}  // namespace persistance::layer::detail
