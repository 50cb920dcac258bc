#pragma once
/// @file
/// A schema that is made when it is first needed.

#include <memory>
#include <mutex>
#include <optional>
#include <unordered_map>

#include <persistance/schema/schema.hpp>

namespace persistance::schema::detail {

/// What a function makes, made when it is first needed and kept until the program ends: one for
/// each function, so that a schema which leads back to itself ends there.
template <SchemaLike S>
class Deferred {
 public:
  using Make = S (*)();

  [[nodiscard]] static std::shared_ptr<Deferred> of(Make make) {
    static std::mutex mutex;
    static auto& all = *new std::unordered_map<Make, std::shared_ptr<Deferred>>;
    const std::lock_guard lock(mutex);
    std::shared_ptr<Deferred>& place = all[make];
    if (place == nullptr) place = std::make_shared<Deferred>(make);
    return place;
  }

  explicit Deferred(Make make) : make_(make) {}

  [[nodiscard]] const S& get() {
    std::call_once(once_, [this] { schema_.emplace(make_()); });
    return *schema_;
  }

 private:
  Make make_;
  std::once_flag once_;
  std::optional<S> schema_;
};

}  // namespace persistance::schema::detail
