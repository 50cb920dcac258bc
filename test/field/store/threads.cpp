// Promises: four io_contexts in four threads on one store and one handle: no update is lost, setIfAbsent is won by exactly one,
// setMany/getMany are all or nothing, and a coroutine goes on on its own executor.
#include <cstddef>
#include <cstdio>
#include <cstdlib>
#include <persistance/persistance.hpp>
#include <thread>

#include "field/store/check.hpp"

namespace p = persistance;
using namespace std::chrono_literals;
std::atomic<int> wins, done;
constexpr int rounds = 1500;

asio::awaitable<void> worker(const p::Persistance<int>& s, int me) {  // one handle for all
  const auto id = std::this_thread::get_id();
  auto inc = [](std::optional<int> v) { return std::optional<int>(v.value_or(0) + 1); };
  for (int i = 0; i < rounds; ++i) {
    auto r = co_await s.update("count", inc);
    CHECK(r);
    if (co_await s.setIfAbsent("slot" + std::to_string(i), me)) ++wins;
    std::vector<std::pair<std::string, int>> many;
    for (int k = 0; k < 20; ++k) many.emplace_back("all" + std::to_string(k), me * rounds + i);
    std::vector<std::string> keys;
    for (auto& m : many) keys.push_back(m.first);
    if (i % 7 == 3)
      co_await s.removeMany(keys);
    else
      co_await s.setMany(std::move(many));
    auto seen = co_await s.getMany(std::move(keys));
    for (auto& v : seen) CHECK(v == seen[0]);
    CHECK(std::this_thread::get_id() == id);
  }
  ++done;
}
asio::awaitable<void> body(p::SchemaPersistance& stores) {
  auto s = co_await stores.make<int>("n");
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t)
    threads.emplace_back([&s, t] {
      asio::io_context io;
      asio::co_spawn(io, worker(s, t), [](std::exception_ptr e) {
        if (e) std::rethrow_exception(e);
      });
      io.run();
    });
  for (auto& t : threads) t.join();
  CHECK(done == 4 && wins == rounds);
  auto count = co_await s.get("count");
  CHECK(count == 4 * rounds);
}
int main() {
  asio::io_context io;
  asio::co_spawn(io, p::layer::run(p::layerSchemaMemory, body), [](std::exception_ptr e) {
    if (e) std::rethrow_exception(e);
  });
  io.run();
}
