#pragma once
/// @file
/// An object for each execution context, told when that ends.

#include <memory>

#include <persistance/asio.hpp>

namespace persistance::async {

/// One `T` for each execution context, which may outlive it. `T::stop()` is called when the context
/// is destroyed, before its scheduler is.
template <class T>
class OfContext final : public asio::execution_context::service {
 public:
  using key_type = OfContext;
  inline static asio::execution_context::id id;

  explicit OfContext(asio::execution_context& context)
      : asio::execution_context::service(context) {}

  [[nodiscard]] static const std::shared_ptr<T>& get(asio::execution_context& context) {
    return asio::use_service<OfContext>(context).object_;
  }

 private:
  void shutdown() noexcept override { object_->stop(); }

  const std::shared_ptr<T> object_ = std::make_shared<T>();
};

}  // namespace persistance::async
