#pragma once
/// @file
/// A finalizer without its type.

#include <concepts>
#include <type_traits>
#include <utility>

#include <persistance/asio.hpp>
#include <persistance/layer/exit.hpp>

namespace persistance::layer::detail {

/// The awaitable may be empty: then it is done already. It outlives neither this nor `exit`.
class Finalizer {
 public:
  Finalizer() = default;
  Finalizer(const Finalizer&) = delete;
  Finalizer& operator=(const Finalizer&) = delete;
  virtual ~Finalizer() = default;
  [[nodiscard]] virtual asio::awaitable<void> call(const Exit& exit) = 0;
};

template <class F>
class FinalizerOf final : public Finalizer {
 public:
  explicit FinalizerOf(F f) : f_(std::move(f)) {}

  asio::awaitable<void> call(const Exit& exit) override {
    if constexpr (std::invocable<F&, const Exit&>) {
      return given([&]() -> decltype(auto) { return f_(exit); });
    } else {
      return given([&]() -> decltype(auto) { return f_(); });
    }
  }

 private:
  template <class Thunk>
  static asio::awaitable<void> given(Thunk thunk) {
    using Result = decltype(thunk());
    if constexpr (std::is_void_v<Result>) {
      thunk();
      return {};
    } else {
      static_assert(std::is_convertible_v<Result, asio::awaitable<void>>,
                    "persistance::layer: a finalizer returns nothing or asio::awaitable<void>");
      return thunk();
    }
  }

  F f_;
};

}  // namespace persistance::layer::detail
