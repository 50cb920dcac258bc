// Promises: an awaitable that is made and never awaited does nothing and leaks nothing, in any place: within a coroutine, outside of any,
// after the handle, after the layer, in another thread than that which made it.
#include <any>
#include <cstddef>
#include <cstdio>
#include <cstdlib>
#include <persistance/persistance.hpp>
#include <thread>

#include "field/store/check.hpp"

namespace p = persistance;
using namespace std::chrono_literals;
using Store = p::Persistance<std::string>;
std::vector<std::shared_ptr<void>> kept;
template <class T>
void keep(asio::awaitable<T> a) {
  kept.push_back(std::make_shared<asio::awaitable<T>>(std::move(a)));
}

void makeAll(const Store& s) {
  const std::string big(10'000, 'x');
  keep(s.get("a"));
  keep(s.getMany(std::vector<std::string>(1000, big.substr(0, 100))));
  keep(s.set("a", big));
  keep(s.set("a", big, 1s));
  keep(s.set("a", big, 0s));
  keep(s.set("a", "\xff not utf8"));  // an error that nobody hears
  keep(s.setIfAbsent("a", "\xff not utf8"));
  keep(s.set(std::string(70'000, 'k'), "x"));  // too long
  keep(s.get(std::string(70'000, 'k')));
  keep(s.setMany(std::vector<std::pair<std::string, std::string>>(100, {"k", big})));
  keep(s.remove("keep"));
  keep(s.removeMany({"keep", "keep2"}));
  keep(s.clear());
  keep(s.setIfAbsent("a", big));
  auto toBig = [big](std::optional<std::string>) { return std::optional<std::string>(big); };
  keep(s.update("a", toBig));
  keep(s.update("a", toBig, 3s));
  keep(s.find("a"));
  keep(s.keys(p::KeyQuery().prefix(big)));
}
asio::awaitable<void> body(p::SchemaPersistance& stores) {
  Store s = co_await stores.make<std::string>("n");
  co_await s.set("keep", "it");
  makeAll(s);
  makeAll(Store(s));
  kept.clear();
  auto page = co_await s.keys();
  CHECK(page.keys == std::vector<std::string>{"keep"});
  (void)s.get("dropped at once");
  keep(stores.make<int>("never made"));
  std::thread([&s] { makeAll(s); }).join();
  std::thread([] { kept.clear(); }).join();
  std::thread([&s] {
    makeAll(s);
    makeAll(Store());
  }).join();
  // and these outlive the handle and the layer
}
int main() {
  {
    asio::io_context io;
    asio::co_spawn(io, p::layer::run(p::layerSchemaMemory, body), [](std::exception_ptr e) {
      if (e) std::rethrow_exception(e);
    });
    io.run();
    keep(p::layer::run(p::layerSchemaMemory, body));
  }
  CHECK(!kept.empty());
  kept.clear();
  asio::io_context io;  // spawned, and the context is destroyed before it runs; and half-way
  asio::co_spawn(io, p::layer::run(p::layerSchemaMemory, body), asio::detached);
  asio::co_spawn(io,
                 p::layer::run(p::layerSchemaMemory,
                               [](p::SchemaPersistance& stores) -> asio::awaitable<void> {
                                 auto s = co_await stores.make<std::string>("n");
                                 for (int i = 0;; ++i) {
                                   co_await s.set("a", "b");
                                   if (i % 100 == 0) {
                                     makeAll(s);
                                     kept.clear();
                                   }
                                 }
                               }),
                 asio::detached);
  for (int i = 0; i < 6; ++i) io.poll_one();
}
