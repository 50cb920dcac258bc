#pragma once
/// @file
/// From a layer to its services: build, run, launch.

#include <optional>
#include <utility>

#include <persistance/layer/function.hpp>
#include <persistance/layer/handle.hpp>
#include <persistance/layer/memo_map.hpp>
#include <persistance/layer/scope.hpp>

namespace persistance::layer {
namespace detail {

/// @see layer::build, layer::run, layer::launch; `ref` and `body` outlive the awaitable.
[[nodiscard]] asio::awaitable<Services> buildServices(Ref ref, Scope scope, MemoMap map);
[[nodiscard]] asio::awaitable<void> runBody(Ref ref, const Function& body);
[[nodiscard]] asio::awaitable<void> launchServices(Ref ref);

template <class Missing>
struct RequireNothing;
template <>
struct RequireNothing<TypeSet<>> {};
template <class First, class... Rest>
struct RequireNothing<TypeSet<First, Rest...>> {
  static_assert(std::is_void_v<First>,
                "persistance::layer: a layer is built that still requires a service; give it with "
                "provide(layer, dependency)");
};

template <class R>
struct PutResult {
  std::optional<R>* result;

  void put(R value, Given&) const { result->emplace(std::move(value)); }
};

template <class R, class F>
asio::awaitable<R> runWith(Ref ref, F f) {
  if constexpr (std::is_void_v<R>) {
    const FunctionOf<F, PutNothing> body(std::move(f));
    co_await runBody(std::move(ref), body);
  } else {
    std::optional<R> result;
    PutResult<R> put{&result};
    const FunctionOf<F, PutResult<R>> body(std::move(f), put);
    co_await runBody(std::move(ref), body);
    co_return std::move(*result);
  }
}

template <class... S>
asio::awaitable<Context<S...>> buildContext(TypeSet<S...>, Ref ref, Scope scope, MemoMap map) {
  Services services = co_await buildServices(std::move(ref), std::move(scope), std::move(map));
  co_return Context<S...>(std::move(services));
}

}  // namespace detail

/// Builds a layer into `scope`: closing the scope lets go of it.
///
/// Builds through `map` where one is given, so that builds share their layers; else a map of its
/// own.
///
/// @par Errors        What a layer's function threw, as it is; by then everything that had been
///                    acquired is released. CloseError where a finalizer failed in that.
///                    std::logic_error: the scope is closed.
/// @par Cancellation  Terminal; ends with operation_aborted, after what had been acquired is
///                    released. Where other builds wait for the same layers, those go on.
/// @par Threads       Layer functions run on a strand over the executor of the caller.
template <class L>
[[nodiscard]] auto build(const L& layer, Scope scope, MemoMap map = MemoMap()) {
  static_assert(detail::isLayer<L>, "persistance::layer::build: the first argument is a Layer");
  (void)detail::RequireNothing<typename L::Needs>{};
  return detail::buildContext(typename L::Gives{}, layer.ref(), std::move(scope), std::move(map));
}

/// Builds a layer, calls `f` with the services that its parameters name, and closes the layer on
/// every way out: success, failure, cancellation.
///
/// @par Returns       What `f` returned.
/// @par Errors        What a layer's function or `f` threw, as it is, when everything is released;
///                    CloseError where finalizers failed.
/// @par Cancellation  Terminal; of the build or of `f`; ends with operation_aborted, after the
/// layer
///                    is closed.
/// @par Lifetime      `f` is kept until the end.
template <class L, class F>
[[nodiscard]] auto run(const L& layer, F f) {
  static_assert(detail::isLayer<L>, "persistance::layer::run: the first argument is a Layer");
  (void)detail::RequireNothing<typename L::Needs>{};
  (void)detail::RequireNothing<detail::Minus<detail::NeedsOf<F>, typename L::Gives>>{};
  using Result = typename detail::AwaitableOf<typename detail::Signature<F>::Result>::type;
  return detail::runWith<Result>(layer.ref(), std::move(f));
}

/// Builds a layer and keeps it until the awaiting coroutine is cancelled; then closes it. This is
/// what a server's main is: `co_await launch(app)`.
///
/// @par Errors        As build.
/// @par Cancellation  The only way to its end: terminal, operation_aborted after the layer is
/// closed.
template <class L>
[[nodiscard]] asio::awaitable<void> launch(const L& layer) {
  static_assert(detail::isLayer<L>, "persistance::layer::launch: the argument is a Layer");
  (void)detail::RequireNothing<typename L::Needs>{};
  return detail::launchServices(layer.ref());
}

}  // namespace persistance::layer
