#include "dependencies.hpp"

#include <algorithm>
#include <cstddef>
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

Dependencies::~Dependencies() {
  static thread_local std::vector<Services>* waiting = nullptr;
  if (waiting != nullptr) {
    waiting->push_back(std::move(services));
    return;
  }
  std::vector<Services> queue;
  waiting = &queue;
  for (Services next = std::move(services); next.size() > 0;) {
    const auto before = static_cast<std::ptrdiff_t>(queue.size());
    next = Services();
    std::reverse(queue.begin() + before, queue.end());
    if (queue.empty()) break;
    next = std::move(queue.back());
    queue.pop_back();
  }
  waiting = nullptr;
}

Services keeping(const Services& made, const DependenciesPtr& dependencies) {
  if (!dependencies) return made;
  const auto keep = [&](const Service& service) {
    const auto kept = std::make_shared<Keeping>(dependencies, service.object);
    return Services(service.id, std::shared_ptr<void>(kept, service.object.get()));
  };
  if (made.size() == 1) return keep(made.all().front());
  std::vector<Services> all;
  all.reserve(made.size());
  for (const Service& service : made.all()) all.push_back(keep(service));
  return Services::join(all);
}

}  // namespace persistance::layer::detail
