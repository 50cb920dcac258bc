// Promises: pages together have every key that is there from the first page to the last, and none twice on memory, while three threads write,
// remove, let expire and fill the store so that its tables grow; prefix holds.
#include <cstddef>
#include <cstdio>
#include <cstdlib>
#include <persistance/persistance.hpp>
#include <set>
#include <thread>

#include "field/store/check.hpp"

namespace p = persistance;
using namespace std::chrono_literals;
std::atomic<bool> stop;
std::atomic<int> written;
asio::awaitable<void> noise(p::Persistance<int> s, int me) {
  for (int i = 0; !stop; ++i) {
    const std::string k = "noise" + std::to_string(me) + "." + std::to_string(i % 20000);
    if (i % 3 == 0)
      co_await s.set(k, i, 1ms);
    else if (i % 3 == 1)
      co_await s.set(k, i);
    else
      co_await s.remove(k);
    co_await s.set("stable" + std::to_string(i % 2000), i);  // overwritten, never absent
    if (i % 40000 == 39999) {
      std::vector<std::string> ks;
      for (int j = 0; j < 20000; ++j)
        ks.push_back("noise" + std::to_string(me) + "." + std::to_string(j));
      co_await s.removeMany(std::move(ks));
    }
    ++written;
  }
}
int main() {
  auto check = [](std::exception_ptr e) {
    if (e) std::rethrow_exception(e);
  };
  asio::io_context io;
  asio::co_spawn(io,
                 p::layer::run(p::layerSchemaMemory,
                               [&](p::SchemaPersistance& st) -> asio::awaitable<void> {
                                 auto s = co_await st.make<int>("n");
                                 for (int i = 0; i < 2000; ++i)
                                   co_await s.set("stable" + std::to_string(i), i);
                                 std::vector<std::thread> threads;
                                 for (int t = 0; t < 2; ++t)
                                   threads.emplace_back([&, t] {
                                     asio::io_context own;
                                     asio::co_spawn(own, noise(s, t), check);
                                     own.run();
                                   });
                                 int pages = 0, twice = 0;
                                 for (int round = 0; round < 25; ++round) {
                                   std::multiset<std::string> seen;
                                   p::KeyPage page;
                                   p::KeyQuery q;
                                   q.limit(round % 2 ? 37 : 1000);
                                   if (round % 3 == 0) q.prefix("stable");
                                   do {
                                     page = co_await s.keys(q.after(page.next));
                                     ++pages;
                                     for (auto& k : page.keys) {
                                       CHECK(round % 3 || k.starts_with("stable"));
                                       seen.insert(k);
                                     }
                                   } while (page.next && pages < 100000);
                                   for (int i = 0; i < 2000; ++i) {
                                     auto n = seen.count("stable" + std::to_string(i));
                                     CHECK(n >= 1);
                                     twice += n > 1;
                                   }
                                 }
                                 std::printf("%d pages, %d keys twice, %d writes meanwhile\n",
                                             pages, twice, written.load());
                                 CHECK(twice == 0);
                                 stop = true;
                                 for (auto& t : threads) t.join();
                               }),
                 check);
  io.run();
}
