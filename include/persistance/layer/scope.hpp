#pragma once
/// @file
/// A lifetime, and what has to be done at its end.

#include <concepts>
#include <exception>
#include <memory>
#include <type_traits>
#include <utility>

#include <persistance/asio.hpp>

namespace persistance::layer {

/// How the thing ended that a scope was opened for.
class Exit {
 public:
  /// It succeeded.
  Exit() noexcept = default;
  /// It ended with `error`; a cancellation is an `operation_aborted`.
  explicit Exit(std::exception_ptr error) noexcept : error_(std::move(error)) {}

  [[nodiscard]] bool succeeded() const noexcept { return error_ == nullptr; }
  /// Null where it succeeded.
  [[nodiscard]] const std::exception_ptr& error() const noexcept { return error_; }

 private:
  std::exception_ptr error_;
};

namespace detail {

struct ScopeState;

/// A finalizer without its type. The awaitable may be empty: then it is done already.
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
      static_assert(std::is_same_v<Result, asio::awaitable<void>>,
                    "persistance::layer: a finalizer returns nothing or asio::awaitable<void>");
      return thunk();
    }
  }

  F f_;
};

}  // namespace detail

/// What was acquired, to be released together. A cheap handle: copies are the same scope.
///
/// A layer's function that takes a `Scope&` gets the one of its layer: what it adds there runs when
/// the last user of the layer lets go. Finalizers run one after another, the last added first,
/// every one of them whatever the others do, and each is awaited to its end.
///
/// @par Threads   Every operation may be called from any thread at once.
/// @par Lifetime  Destroying the last handle of an open scope does not run its finalizers: they
///                have to be awaited. `run` and `launch` close theirs on every way out.
class Scope {
 public:
  Scope();
  explicit Scope(std::shared_ptr<detail::ScopeState> state) noexcept : state_(std::move(state)) {}

  /// Adds `f`, to be called as `f()` or `f(const Exit&)`; it returns nothing or
  /// `asio::awaitable<void>`. While the scope closes, `f` runs next; once it is closed, `f` runs at
  /// once, an asynchronous one on the executor that the scope was closed on.
  template <class F>
  void addFinalizer(F f) const {
    add(std::make_unique<detail::FinalizerOf<F>>(std::move(f)));
  }

  /// Runs the finalizers.
  ///
  /// Closing again does nothing; closing while another close runs waits for its end.
  ///
  /// @par Errors        CloseError with everything that finalizers threw.
  /// @par Cancellation  Waits for the end all the same: what was begun is released.
  [[nodiscard]] asio::awaitable<void> close(Exit exit = Exit()) const;

  [[nodiscard]] const std::shared_ptr<detail::ScopeState>& state() const noexcept { return state_; }

 private:
  void add(std::unique_ptr<detail::Finalizer> finalizer) const;

  std::shared_ptr<detail::ScopeState> state_;
};

}  // namespace persistance::layer
