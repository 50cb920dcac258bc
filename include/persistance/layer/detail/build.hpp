#pragma once
/// @file
/// From a layer to its services, without types: what `run`, `build` and `launch` stand on.

#include <chrono>
#include <optional>
#include <utility>

#include <persistance/layer/detail/function.hpp>
#include <persistance/layer/detail/misuse.hpp>
#include <persistance/layer/handle.hpp>
#include <persistance/layer/launch_options.hpp>
#include <persistance/layer/memo_map.hpp>
#include <persistance/layer/scope.hpp>

namespace persistance::layer {

namespace detail {

[[nodiscard]] asio::awaitable<Services> buildServices(Ref ref, Scope scope, MemoMap map);
/// `body` outlives the awaitable.
[[nodiscard]] asio::awaitable<void> runBody(Ref ref, const Function& body, MemoMap map);
/// `executor`: where the functions of layers run; an empty one: on that of the caller.
[[nodiscard]] asio::awaitable<void> launchServices(Ref ref, LaunchOptions options,
                                                   asio::any_io_executor executor = {});

// The coroutines below are members of class templates, and not templates themselves, because g++ 12
// warns about the latter where a type of theirs is local to a file.

template <class Set>
struct ContextMaker;
template <class... S>
struct ContextMaker<TypeSet<S...>> {
  static asio::awaitable<Context<S...>> make(asio::awaitable<Services> work) {
    Services services = co_await std::move(work);
    co_return Context<S...>(std::move(services));
  }
};

template <class R>
struct PutResult {
  std::optional<R>* result;

  explicit PutResult(std::optional<R>& place) : result(&place) {}
  void put(R value, Given& /*given*/) const { result->emplace(std::move(value)); }
};

// Runs a body of the user's with `runner(body)`. The body and its result live in this frame until
// all is over.
template <class F, class Runner>
struct BodyRunner {
  using Result = ResultOf<F>;

  static asio::awaitable<Result> run(F f, Runner runner) {
    if constexpr (std::is_void_v<Result>) {
      const FunctionOf<F, std::nullptr_t> body(std::move(f));
      co_await runner(body);
    } else {
      std::optional<Result> result;
      const FunctionOf<F, PutResult<Result>> body(std::move(f), PutResult<Result>(result));
      co_await runner(body);
      co_return std::move(*result);
    }
  }
};

// How `run` runs it: builds the layer before, and closes it after.
class LayerRunner {
 public:
  LayerRunner(Ref ref, MemoMap map) : ref_(std::move(ref)), map_(std::move(map)) {}
  asio::awaitable<void> operator()(const Function& body) const { return runBody(ref_, body, map_); }

 private:
  Ref ref_;
  MemoMap map_;
};

// What a run gives; where the body returns a reference, its sentence is enough.
template <class F>
using RunOf = asio::awaitable<std::remove_reference_t<ResultOf<F>>>;

// Whether `f` can be called with what the layer gives; else each service that is missing gets its
// sentence.
template <class L, class F>
constexpr bool runnable() {
  using Result = ResultOf<F>;
  if constexpr (!WithServices::isSound<F>) {
    Signature<F>::List::template check<F>();
    return false;
  } else if constexpr (std::is_reference_v<Result>) {
    (void)BodyReturnsReference<Result, F>{};
    return false;
  } else {
    constexpr bool complete = requiresNothing<L>(typename L::Needs{});
    constexpr bool given = givesAll<L>(Minus<NeedsOf<F>, typename L::Gives>{});
    return complete && given;
  }
}

}  // namespace detail
}  // namespace persistance::layer
