#include <persistance/layer/services.hpp>

#include <algorithm>
#include <stdexcept>
#include <string>

namespace persistance::layer::detail {

Services::Services(TypeId id, std::shared_ptr<void> object) {
  auto one = std::make_shared<Sorted>();
  one->emplace_back(id, std::move(object));
  sorted_ = std::move(one);
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
  auto sorted = std::make_shared<Sorted>();
  for (auto one = all.rbegin(); one != all.rend(); ++one) {
    if (one->sorted_) sorted->insert(sorted->end(), one->sorted_->begin(), one->sorted_->end());
  }
  // Backwards and stable, so the last of several comes first and stays.
  std::stable_sort(sorted->begin(), sorted->end(),
                   [](const Service& a, const Service& b) { return a.id < b.id; });
  const auto end = std::unique(sorted->begin(), sorted->end(),
                               [](const Service& a, const Service& b) { return a.id == b.id; });
  sorted->erase(end, sorted->end());
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
