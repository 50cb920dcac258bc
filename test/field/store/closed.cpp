// Promises: a layer is closed while operations run on its stores, in this and in other threads: each ends with its result,
// `closed` or operation_aborted; nothing crashes, hangs or leaks; handles may outlive everything.
#include <cstddef>
#include <cstdio>
#include <cstdlib>
#include <persistance/persistance.hpp>
#include <thread>

#include "field/store/check.hpp"

namespace p = persistance;
using Store = p::Persistance<std::string>;
std::atomic<int> answers, refusals;
std::atomic<bool> stop;
asio::awaitable<void> worker(Store s) {
  std::vector<std::string> keys;
  for (int i = 0; i < 3000; ++i) keys.push_back("k" + std::to_string(i));
  std::vector<std::pair<std::string, std::string>> entries;
  for (auto& k : keys) entries.emplace_back(k, "value");
  auto up = [](std::optional<std::string> v) {
    return v ? std::optional<std::string>() : std::optional<std::string>("u");
  };
  while (!stop) {
    try {
      co_await s.setMany(entries);
      co_await s.set("a", "b", std::chrono::milliseconds(1));
      (void)co_await s.getMany(keys);
      (void)co_await s.update("u", up);
      (void)co_await s.keys();
      co_await s.removeMany(keys);
      co_await s.clear();
      ++answers;
    } catch (const p::PersistanceBackingError& e) {
      CHECK(e.code() == p::BackingErrc::closed);
      ++refusals;
      std::this_thread::yield();
    }
  }
}
int main() {
  std::vector<std::thread> threads;
  Store last;
  for (int round = 0; round < 12; ++round) {
    asio::io_context io;
    stop = false;
    threads.clear();
    asio::co_spawn(
        io,
        p::layer::run(
            p::layerSchemaMemory,
            [&](p::SchemaPersistance& stores) -> asio::awaitable<void> {
              Store s = co_await stores.make<std::string>("n" + std::to_string(round % 2));
              asio::co_spawn(io, worker(s),
                             asio::detached);  // goes on after the layer, in the same loop
              for (int t = 0; t < 2; ++t)
                threads.emplace_back([s] {
                  asio::io_context own;
                  asio::co_spawn(own, worker(s), [](std::exception_ptr e) {
                    if (e) std::rethrow_exception(e);
                  });
                  own.run();
                });
              std::vector<std::pair<std::string, std::string>> entries;
              for (int i = 0; i < 20000; ++i)
                entries.emplace_back("x" + std::to_string(i), "value");
              co_await s.setMany(std::move(entries));
              last = s;
            }),
        [](std::exception_ptr e) {
          if (e) std::rethrow_exception(e);
        });
    const int before = answers + refusals;
    for (int i = 0; i < 200 || answers + refusals < before + 3; ++i) io.run_one();
    if (round % 3 == 0) {  // the loop goes away while its worker is suspended
      stop = true;
      for (auto& t : threads) t.join();
      continue;
    }
    stop = true;
    io.run();
    for (auto& t : threads) t.join();
  }
  std::printf("%d rounds answered, %d refused as closed\n", answers.load(), refusals.load());
}
