#include <persistance/layer/detail/services.hpp>

#include <algorithm>
#include <stdexcept>
#include <string>

namespace persistance::layer::detail {

Services::Services(TypeId id, std::shared_ptr<void> object) {
  auto one = std::make_shared<Sorted>();
  one->emplace_back(id, std::move(object));
  sorted_ = std::move(one);
}

Services Services::one(TypeId id, std::shared_ptr<void> object) {
  if (object) return Services(id, std::move(object));
  throw std::logic_error("persistance::layer: the layer of " + std::string(id.name()) +
                         " gave a null pointer");
}

const std::shared_ptr<void>* Services::find(const TypeId& id) const noexcept {
  if (!sorted_) return nullptr;
  const auto place = std::lower_bound(sorted_->begin(), sorted_->end(), id,
                                      [](const Service& s, const TypeId& i) { return s.id < i; });
  return place != sorted_->end() && place->id == id ? &place->object : nullptr;
}

const std::shared_ptr<void>& Services::at(const TypeId& id) const {
  if (const auto* object = find(id)) return *object;
  throw std::logic_error("persistance::layer: no service " + std::string(id.name()));
}

Services Services::join(const Services& under, const Services& over) {
  if (under.size() == 0) return over;
  if (over.size() == 0) return under;
  auto all = std::make_shared<Sorted>();
  all->reserve(under.size() + over.size());
  // set_union takes the element of its first range where both have one.
  std::set_union(over.sorted_->begin(), over.sorted_->end(), under.sorted_->begin(),
                 under.sorted_->end(), std::back_inserter(*all),
                 [](const Service& a, const Service& b) { return a.id < b.id; });
  return Services(std::move(all));
}

Services Services::join(std::span<const Services> all) {
  if (all.empty()) return {};
  if (all.size() == 1) return all[0];
  if (all.size() == 2) return join(all[0], all[1]);
  struct Place {
    const Service* service;
    std::size_t order;  // backwards: the last of several comes first, and stays
  };
  std::vector<Place> places;
  for (auto one = all.rbegin(); one != all.rend(); ++one)
    for (const Service& service : one->all()) places.push_back(Place{&service, places.size()});
  std::sort(places.begin(), places.end(), [](const Place& a, const Place& b) {
    return a.service->id == b.service->id ? a.order < b.order : a.service->id < b.service->id;
  });
  auto sorted = std::make_shared<Sorted>();
  sorted->reserve(places.size());
  for (const Place& place : places) {
    if (sorted->empty() || !(sorted->back().id == place.service->id))
      sorted->push_back(*place.service);
  }
  return Services(std::move(sorted));
}

Services Services::only(std::span<const TypeId> ids) const {
  if (size() <= ids.size()) {
    // Every context has at least what its type says, so this one has just that.
    return *this;
  }
  auto some = std::make_shared<Sorted>();
  some->reserve(ids.size());
  for (const TypeId& id : ids) {
    if (const auto* object = find(id)) some->emplace_back(id, *object);
  }
  std::sort(some->begin(), some->end(),
            [](const Service& a, const Service& b) { return a.id < b.id; });
  return Services(std::move(some));
}

}  // namespace persistance::layer::detail
