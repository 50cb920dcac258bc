// Promises: a lock (setIfAbsent with a token, released by update), a counter and a fixed-window rate limit built of the operations hold with
// three threads: never two in the lock, never more than the limit, every increment counted.
#include <cstddef>
#include <cstdio>
#include <cstdlib>
#include <persistance/persistance.hpp>
#include <thread>

#include "field/store/check.hpp"

namespace p = persistance;
using namespace std::chrono_literals;
std::atomic<int> inside, allowed;
int unguarded = 0;
struct Bucket {
  int tokens = 100;
  static auto schema() { return p::schema::object<Bucket>(); }
};
asio::awaitable<void> worker(p::Persistance<std::string> locks, p::Persistance<Bucket> limits,
                             std::string me) {
  auto ex = co_await asio::this_coro::executor;
  for (int i = 0; i < 300; ++i) {
    for (;;) {
      bool mine = co_await locks.setIfAbsent("lock", me, 10min);
      if (mine) break;
      std::this_thread::yield();
    }
    CHECK(++inside == 1);
    ++unguarded;
    if (i % 20 == 0) co_await asio::post(ex, asio::use_awaitable);
    --inside;
    auto release = [&me](std::optional<std::string> holder) {
      CHECK(holder == me);
      return holder == me ? std::optional<std::string>() : holder;
    };
    (void)co_await locks.update("lock", release);
    bool granted = false;
    auto take = [&granted](std::optional<Bucket> b) {
      if (!b) b.emplace();
      granted = b->tokens > 0;
      if (granted) --b->tokens;
      return b;
    };
    (void)co_await limits.update("client" + std::to_string(i % 3), take, 1h);
    if (granted) ++allowed;
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
                                 auto locks = co_await st.make<std::string>("locks");
                                 auto limits = co_await st.make<Bucket>("limits");
                                 std::vector<std::thread> threads;
                                 for (int t = 0; t < 3; ++t)
                                   threads.emplace_back([&, t] {
                                     asio::io_context own;
                                     asio::co_spawn(own,
                                                    worker(locks, limits, "w" + std::to_string(t)),
                                                    check);
                                     own.run();
                                   });
                                 for (auto& t : threads) t.join();
                                 auto left = co_await locks.get("lock");
                                 CHECK(!left);
                               }),
                 check);
  io.run();
  CHECK(unguarded == 900 && allowed == 300);
}
