// Promises: entryLimit holds for every observer while three threads write over it, evicting or failing; getMany never sees half a setMany; an
// update in a store that evicts loses nothing but whole entries.
#include <cstddef>
#include <cstdio>
#include <cstdlib>
#include <persistance/persistance.hpp>
#include <thread>

#include "field/store/check.hpp"

namespace p = persistance;
using namespace std::chrono_literals;
std::atomic<int> full, half;
asio::awaitable<void> writer(p::Persistance<std::string> s, int me) {
  std::vector<std::string> keys;
  for (int k = 0; k < 10; ++k) keys.push_back("group" + std::to_string(k));
  for (int i = 0; i < 1500; ++i) {
    bool refused = false;
    try {
      co_await s.set(std::to_string(me) + "." + std::to_string(i), std::string(i % 100, 'x'));
      if (i % 3 == 0) (void)co_await s.setIfAbsent("absent" + std::to_string(i), "x", 1ms);
      std::vector<std::pair<std::string, std::string>> entries;
      for (auto& k : keys) entries.emplace_back(k, std::to_string(me * 10000 + i));
      if (i % 4 == 0) co_await s.setMany(std::move(entries));
      if (i % 4 == 2) co_await s.removeMany(keys);
      auto longer = [](std::optional<std::string> v) {
        return v && v->size() > 50 ? std::optional<std::string>()
                                   : std::optional<std::string>(v.value_or("") + "y");
      };
      (void)co_await s.update("shared", longer);
    } catch (const p::PersistanceBackingError& e) {
      CHECK(e.code() == p::BackingErrc::full);
      ++full;
      refused = true;
    }
    if (refused && i % 5 == 0) co_await s.remove(std::to_string(me) + "." + std::to_string(i / 2));
    auto got = co_await s.getMany(keys);
    const std::string* one = nullptr;
    for (auto& v : got)
      if (v) {
        if (one) CHECK(*v == *one);
        one = &*v;
      }
    for (auto& v : got)
      if (one && !v) {
        ++half;
        break;
      }
    if (i % 50 == 0)
      (void)co_await s.keys(
          p::KeyQuery().limit(100'000));  // not one moment's keys: may be more than 64
  }
}
int main() {
  auto check = [](std::exception_ptr e) {
    if (e) std::rethrow_exception(e);
  };
  for (auto when : {p::WhenFull::fail, p::WhenFull::evict})
    for (std::size_t shards : {1, 4, 64}) {
      p::MemoryOptions o;
      o.entryLimit = 64;
      o.byteLimit = p::ByteSize(64 * 200);
      o.whenFull = when;
      o.shards = shards;
      full = half = 0;
      asio::io_context io;
      asio::co_spawn(io,
                     p::layer::run(p::layer::provide(p::layerSchema, p::layerMemoryWith(o)),
                                   [&](p::SchemaPersistance& st) -> asio::awaitable<void> {
                                     auto s = co_await st.make<std::string>("n");
                                     std::vector<std::thread> threads;
                                     for (int t = 0; t < 3; ++t)
                                       threads.emplace_back([&, t] {
                                         asio::io_context own;
                                         asio::co_spawn(own, writer(s, t), check);
                                         own.run();
                                       });
                                     for (auto& t : threads) t.join();
                                     auto page = co_await s.keys(p::KeyQuery().limit(100'000));
                                     CHECK(page.keys.size() <= 64);
                                   }),
                     check);
      io.run();
      std::printf("%s, %zu shards: %d full, %d groups in part\n",
                  when == p::WhenFull::fail ? "fail" : "evict", shards, full.load(), half.load());
      if (when == p::WhenFull::fail) CHECK(half == 0);
    }
}
