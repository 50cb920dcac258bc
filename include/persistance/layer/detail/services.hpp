#pragma once
/// @file
/// Services without their types: what the compiled part of the module moves around.

#include <memory>
#include <span>
#include <utility>
#include <vector>

#include <persistance/layer/type_id.hpp>

namespace persistance::layer::detail {

struct Service {
  TypeId id;
  std::shared_ptr<void> object;

  Service(TypeId id_, std::shared_ptr<void> object_) : id(id_), object(std::move(object_)) {}
};

/// An immutable set of services; a copy shares it.
class Services {
 public:
  Services() = default;
  Services(TypeId id, std::shared_ptr<void> object);

  /// A service that a layer gave.
  /// @par Errors  std::logic_error: the pointer is null.
  [[nodiscard]] static Services one(TypeId id, std::shared_ptr<void> object);

  /// The service under `id`, or null.
  [[nodiscard]] const std::shared_ptr<void>* find(const TypeId& id) const noexcept;
  /// The same, of a service that must be there.
  /// @par Errors  std::logic_error: there is none.
  [[nodiscard]] const std::shared_ptr<void>& at(const TypeId& id) const;

  /// Both; where both have a service, that of `over`.
  [[nodiscard]] static Services join(const Services& under, const Services& over);
  /// All of them; where several have a service, that of the last.
  [[nodiscard]] static Services join(std::span<const Services> all);
  /// Only the services under `ids`.
  [[nodiscard]] Services only(std::span<const TypeId> ids) const;

  [[nodiscard]] std::span<const Service> all() const noexcept {
    return sorted_ ? std::span<const Service>(*sorted_) : std::span<const Service>();
  }
  [[nodiscard]] std::size_t size() const noexcept { return sorted_ ? sorted_->size() : 0; }

 private:
  using Sorted = std::vector<Service>;
  explicit Services(std::shared_ptr<const Sorted> sorted) : sorted_(std::move(sorted)) {}
  std::shared_ptr<const Sorted> sorted_;  // by id, no id twice; null: none
};

}  // namespace persistance::layer::detail
