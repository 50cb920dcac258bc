// Promises: operations run under co_spawn on a strand, a thread_pool, any_io_executor and a system_executor, with the tokens detached,
// use_future, deferred, callback, as_tuple, redirect_error, cancel_after-like parallel groups (&&, ||); a coroutine goes on on its own executor.
#include <asio/experimental/awaitable_operators.hpp>
#include <asio/experimental/deferred.hpp>
#include <asio/system_executor.hpp>
#include <asio/thread_pool.hpp>
#include <asio/use_future.hpp>
#include <cstddef>
#include <cstdio>
#include <cstdlib>
#include <persistance/persistance.hpp>

#include "field/store/check.hpp"

namespace p = persistance;
using namespace std::chrono_literals;
using namespace asio::experimental::awaitable_operators;
using Store = p::Persistance<std::string>;
template <class Strand>
asio::awaitable<void> inStrand(Store s, Strand strand, int* plain) {
  for (int i = 0; i < 3000; ++i) {
    co_await s.set("k" + std::to_string(i % 50), "v");
    CHECK(strand.running_in_this_thread());
    ++*plain;  // guarded by the strand alone
    auto up = [](std::optional<std::string> v) {
      return std::optional<std::string>(v ? v->substr(0, 20) + "x" : "x");
    };
    (void)co_await s.update("shared", up);
    std::vector<std::string> ks{"k1", "k2", "k3"};
    (void)co_await s.getMany(ks);
    CHECK(strand.running_in_this_thread());
  }
}
asio::awaitable<void> both(Store s) {
  auto [a, b] = co_await (s.get("a") && s.get("b"));
  CHECK(a == "1" && b == "2");
  auto either = co_await (s.get("a") || s.get("b"));
  CHECK(either.index() == 0 ? std::get<0>(either) == "1" : std::get<1>(either) == "2");
  asio::steady_timer timer(co_await asio::this_coro::executor, 20s);
  auto first = co_await (s.get("a") || timer.async_wait(asio::use_awaitable));
  CHECK(first.index() == 0);
  std::vector<std::string> none;
  auto [stored, page] = co_await (s.setIfAbsent("d", "4") && s.keys());
  CHECK(stored && !page.keys.empty());
  co_await (s.set("c", "3") && s.remove("d"));
  auto got = co_await (s.set("c", "4") && s.getMany(none));
  CHECK(got.empty());
}
int main() {
  asio::thread_pool pool(4);
  p::layer::ManagedRuntime runtime(p::layerSchemaMemory);
  Store s;
  asio::co_spawn(pool, runtime.run([&](p::SchemaPersistance& st) -> asio::awaitable<void> {
    s = co_await st.make<std::string>("n");
  }),
                 asio::use_future)
      .get();
  asio::co_spawn(pool, s.set("a", "1"), asio::use_future).get();
  asio::co_spawn(asio::system_executor(), s.set("b", "2"), asio::use_future).get();
  auto got = asio::co_spawn(pool.get_executor(), s.get("a"), asio::use_future).get();
  CHECK(got == "1");
  asio::any_io_executor any = pool.get_executor();
  auto found = asio::co_spawn(any, s.find("b"), asio::use_future).get();
  CHECK(found && found->value == "2");
  auto bad = asio::co_spawn(any, s.set("bad", "\xff"), asio::use_future);
  try {
    bad.get();
    CHECK(false);
  } catch (const p::PersistanceSchemaError& e) {
    CHECK(e.key() == "bad");
  }
  asio::co_spawn(any, s.remove("bad"), asio::detached);
  std::promise<bool> told;
  asio::co_spawn(any, s.setIfAbsent("a", "x"), [&](std::exception_ptr e, bool stored) {
    CHECK(!e);
    told.set_value(stored);
  });
  CHECK(!told.get_future().get());
  auto later = asio::co_spawn(any, s.keys(), asio::experimental::deferred);
  auto page = std::move(later)(asio::use_future).get();
  CHECK(page.keys.size() == 2);
  asio::co_spawn(asio::make_strand(pool), both(s), asio::use_future).get();
  auto strand = asio::make_strand(pool);
  int plain = 0;
  std::vector<std::future<void>> all;
  for (int i = 0; i < 4; ++i)
    all.push_back(asio::co_spawn(strand, inStrand(s, strand, &plain), asio::use_future));
  asio::strand<asio::any_io_executor> other(any);
  int plain2 = 0;
  for (int i = 0; i < 4; ++i)
    all.push_back(asio::co_spawn(other, inStrand(s, other, &plain2), asio::use_future));
  for (auto& f : all) f.get();
  CHECK(plain == 12000 && plain2 == 12000);
  asio::co_spawn(pool, runtime.dispose(), asio::use_future).get();
  pool.join();
  s = Store();
}
