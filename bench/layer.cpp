// Building and releasing a thousand layers: a chain, a star, a grid of diamonds.
#include <benchmark/benchmark.h>

#include <memory>
#include <persistance/layer.hpp>
#include <vector>

namespace {

using namespace persistance;

struct Value {
  int value = 0;
};
using Closed = layer::Layer<layer::Requires<>, layer::Provides<Value>>;

constexpr int layers = 1000;

// A layer that has something to release, awaited or not.
auto step(bool coroutine) {
  using Open = layer::Layer<layer::Requires<Value>, layer::Provides<Value>>;
  if (coroutine) {
    return Open(layer::scoped(
        [](Value& below, layer::Scope& scope) -> asio::awaitable<std::shared_ptr<Value>> {
          scope.addFinalizer([]() -> asio::awaitable<void> { co_return; });
          const int value = below.value + 1;
          auto made = std::make_shared<Value>();
          made->value = value;
          co_return made;
        }));
  }
  return Open(layer::scoped([](Value& below, layer::Scope& scope) {
    scope.addFinalizer([] {});
    auto made = std::make_shared<Value>();
    made->value = below.value + 1;
    return made;
  }));
}

Closed chain(bool coroutine) {
  Closed app = layer::succeed(Value());
  for (int i = 0; i < layers; ++i) app = layer::provide(step(coroutine), app);
  return app;
}

// All but one stand on that one.
Closed star(bool coroutine) {
  const Closed foot = layer::provide(step(coroutine), layer::succeed(Value()));
  std::vector<layer::detail::Ref> points;
  for (int i = 1; i < layers; ++i)
    points.push_back(Closed(layer::provide(step(coroutine), foot)).ref());
  return Closed(layer::detail::mergeRecipe(std::move(points)));
}

// Each stands on two of the row below; 40 rows of 25.
Closed grid(bool coroutine) {
  constexpr int width = 25;
  std::vector<Closed> row(width, layer::succeed(Value()));
  for (int y = 0; y < layers / width; ++y) {
    std::vector<Closed> next;
    for (int x = 0; x < width; ++x) {
      const Closed both = layer::merge(row[std::size_t(x)], row[std::size_t((x + 1) % width)]);
      next.push_back(layer::provide(step(coroutine), both));
    }
    row = std::move(next);
  }
  std::vector<layer::detail::Ref> top;
  for (const Closed& l : row) top.push_back(l.ref());
  return Closed(layer::detail::mergeRecipe(std::move(top)));
}

void buildAndRelease(benchmark::State& state, const Closed& app) {
  for (auto _ : state) {
    asio::io_context context(1);
    int result = -1;
    asio::co_spawn(context, layer::run(app, [](Value& v) { return v.value; }),
                   [&](std::exception_ptr, int value) { result = value; });
    context.run();
    if (result <= 0) state.SkipWithError("not built");
  }
}

void add(const char* name, Closed (*make)(bool), bool coroutine) {
  benchmark::RegisterBenchmark(name, [make, coroutine](benchmark::State& state) {
    buildAndRelease(state, make(coroutine));
  })->Unit(benchmark::kMillisecond);
}

}  // namespace

int main(int argc, char** argv) {
  add("chain/plain", chain, false);
  add("chain/coroutines", chain, true);
  add("star/plain", star, false);
  add("star/coroutines", star, true);
  add("grid/plain", grid, false);
  add("grid/coroutines", grid, true);
  benchmark::Initialize(&argc, argv);
  benchmark::RunSpecifiedBenchmarks();
}
