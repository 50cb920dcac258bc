#pragma once
/// @file
/// What a build gives.

#include <memory>
#include <utility>

#include <persistance/layer/detail/services.hpp>
#include <persistance/layer/detail/type_set.hpp>

namespace persistance::layer {

/// Built services. A cheap value: a copy shares them, and keeps the objects alive. Their layers
/// live in a scope; once that is closed, the objects are still there but what their finalizers
/// closed is closed.
template <class... S>
class Context {
 public:
  using Set = detail::MakeSet<S...>;

  /// Of nothing yet, to be assigned to: `co_spawn(build(...), use_future)` makes one. Asking it for
  /// a service throws std::logic_error.
  Context() = default;
  explicit Context(detail::Services services) : services_(std::move(services)) {}

  /// A context is also one of fewer services, and of the same in another order.
  template <class... More>
    requires(!std::is_same_v<Context<More...>, Context>) &&
            (detail::isSubset<Set, detail::MakeSet<More...>>)
  Context(const Context<More...>& more)  // NOLINT(google-explicit-constructor): a subset is a set
      : services_(more.services().only(detail::ids<Set>())) {}

  template <class T>
  [[nodiscard]] T& get() const {
    return *share<T>();
  }

  /// The service with shared ownership, for who keeps it.
  template <class T>
  [[nodiscard]] std::shared_ptr<T> share() const {
    static_assert(detail::contains<Set, T>, "this Context has no such service");
    return std::static_pointer_cast<T>(services_.at(typeIdOf<T>));
  }

  [[nodiscard]] const detail::Services& services() const noexcept { return services_; }

 private:
  detail::Services services_;
};

}  // namespace persistance::layer
