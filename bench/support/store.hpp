#pragma once
/// The loops of the benchmarks that run over a store, whichever backing is under it.

#include <benchmark/benchmark.h>

#include <persistance/persistance.hpp>

#include "support/user.hpp"

namespace persistance::bench {

/// Runs `body(users)` as a coroutine over the users of a layer that provides SchemaPersistance.
template <class Layer, class Body>
void inStore(const Layer& layer, Body body) {
  asio::io_context context(1);
  const auto use = [&](SchemaPersistance& stores) -> asio::awaitable<void> {
    auto users = co_await stores.make<User>("users");
    co_await body(users);
  };
  asio::co_spawn(context, layer::run(layer, use), [](std::exception_ptr error) {
    if (error) std::rethrow_exception(error);
  });
  context.run();
}

inline asio::awaitable<void> fillUsers(Persistance<User>& users) {
  for (std::size_t i = 0; i < keys().size(); ++i) co_await users.set(keys()[i], user(i));
}

inline asio::awaitable<void> getOneByOne(benchmark::State& state, Persistance<User>& users) {
  std::size_t i = 0;
  while (state.KeepRunning()) {
    auto found = co_await users.get(shuffled(i++));
    benchmark::DoNotOptimize(found);
  }
}

inline asio::awaitable<void> getHundreds(benchmark::State& state, Persistance<User>& users) {
  std::size_t i = 0;
  while (state.KeepRunning()) {
    auto hundred = hundredKeys(i++);
    auto found = co_await users.getMany(std::move(hundred));
    benchmark::DoNotOptimize(found);
  }
  state.SetItemsProcessed(state.iterations() * 100);
}

inline asio::awaitable<void> setOneByOne(benchmark::State& state, Persistance<User>& users) {
  std::size_t i = 0;
  while (state.KeepRunning()) {
    co_await users.set(shuffled(i), user(i));
    ++i;
  }
  state.SetItemsProcessed(state.iterations());
}

}  // namespace persistance::bench
