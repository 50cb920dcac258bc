// Builds that share a map and ask for the same layers in opposite orders, from four threads, with forks, fresh ones,
// suspends and nested builds, never wait for each other in a ring, whatever fails or is cancelled in between.
#include <atomic>

#include "layers.hpp"

namespace {
struct A {
  int n = 1;
};
struct B {
  int n = 1;
};
struct C {
  int n = 1;
};
template <class S>
auto service(std::atomic<unsigned>& turn) {
  return layer::scoped([&turn](layer::Scope& scope) -> asio::awaitable<S> {
    scope.addFinalizer([]() -> asio::awaitable<void> { co_await asio::post(asio::use_awaitable); });
    co_await asio::post(asio::use_awaitable);
    if (++turn % 17 == 0) throw std::runtime_error("turn");
    co_return S{};
  });
}
}  // namespace

int main() {
  std::atomic<unsigned> turn{0};
  std::atomic<int> over{0}, failed{0}, cycles{0};
  auto a = service<A>(turn);
  auto b = service<B>(turn);
  auto c = service<C>(turn);
  const layer::MemoMap map;
  asio::io_context io;
  struct P {
    int n;
  };
  struct Q {
    int n;
  };
  // p builds b then a in its function, q builds a then b
  auto p = layer::scoped([&](layer::Scope& scope) -> asio::awaitable<P> {
    auto first = co_await layer::build(b, scope, map);
    auto second = co_await layer::build(a, scope, map);
    co_return P{first.get<B>().n + second.get<A>().n};
  });
  auto q = layer::scoped([&](layer::Scope& scope) -> asio::awaitable<Q> {
    auto first = co_await layer::build(a, scope, map);
    auto second = co_await layer::build(b, scope, map);
    co_return Q{first.get<A>().n + second.get<B>().n};
  });
  auto ab = layer::provideMerge(layer::sync([](A& x) { return C{x.n}; }), a);
  auto late = layer::suspend([&] { return layer::merge(b, a); });
  const auto job = [&](unsigned k, asio::any_io_executor) -> asio::awaitable<void> {
    for (int i = 0; i < 20; ++i) {
      try {
        switch ((k + unsigned(i)) % 7u) {
          case 0: co_await layer::run(layer::merge(p, q), [](P&, Q&) {}, map); break;
          case 1: co_await layer::run(layer::merge(q, p), [](P&, Q&) {}, map); break;
          case 2:
            co_await layer::run(layer::merge(a, layer::merge(c, b)), [](A&, B&, C&) {}, map);
            break;
          case 3:
            co_await layer::run(
                layer::merge(b, a),
                [](A&, B&) -> asio::awaitable<void> { co_await asio::post(asio::use_awaitable); },
                map);
            break;
          case 4: co_await layer::run(layer::merge(late, ab), [](A&, B&, C&) {}, map.fork()); break;
          case 5: co_await layer::run(layer::fresh(layer::merge(p, a)), [](P&, A&) {}, map); break;
          default:
            co_await layer::run(
                layer::timeout(layer::merge(layer::orElse(a, a),
                                            layer::retry(b, layer::Schedule::immediate())),
                               2ms),
                [](A&, B&) {}, map);
        }
      } catch (const layer::CycleError&) {
        ++cycles;
      } catch (const std::runtime_error&) {
        ++failed;
      }
    }
  };
  for (unsigned k = 0; k < 28; ++k) {
    asio::any_io_executor on = io.get_executor();
    if (k % 2) on = asio::make_strand(io);
    asio::co_spawn(on, job(k, on), [&](std::exception_ptr e) {
      field::expect(!e, "nothing else: " + field::thrown([&] {
                          if (e) std::rethrow_exception(e);
                        }));
      ++over;
    });
  }
  std::vector<std::thread> crew;
  for (int i = 0; i < 4; ++i) crew.emplace_back([&] { io.run_for(8s); });
  for (auto& t : crew) t.join();
  field::expect(over == 28, "every one ends: " + std::to_string(over));
  field::expect(cycles == 0, "no cycle is seen where there is none: " + std::to_string(cycles));
  return field::result();
}
