// Promises: an operation on 100,000 keys that is suspended in a loop which does not run any more (or is destroyed) holds up nobody: operations of
// another loop end, setMany stays all or nothing, and so it is after the loop with the suspended operation is destroyed.
#include <cstddef>
#include <cstdio>
#include <cstdlib>
#include <persistance/persistance.hpp>
#define CHECK(x)                                                                             \
  do {                                                                                       \
    if (!(x)) {                                                                              \
      std::printf("%s:%d: %s (op %d, turns %d)\n", __FILE__, __LINE__, #x, opNow, turnsNow); \
      std::exit(1);                                                                          \
    }                                                                                        \
  } while (0)
namespace p = persistance;
using Store = p::Persistance<int>;
int opNow = 0, turnsNow = 0;
#if defined(__SANITIZE_THREAD__)
constexpr int many = 20'000;
#else
constexpr int many = 100'000;
#endif
std::vector<std::string> keys;
std::vector<std::pair<std::string, int>> entries(int v) {
  std::vector<std::pair<std::string, int>> e;
  for (auto& k : keys) e.emplace_back(k, v);
  return e;
}
asio::awaitable<void> one(Store s, int op, int version) {
  switch (op) {
    case 0: co_await s.setMany(entries(version)); break;
    case 1: co_await s.removeMany(keys); break;
    case 2: co_await s.clear(); break;
    case 3: (void)co_await s.getMany(keys); break;
    case 4: (void)co_await s.keys(p::KeyQuery().limit(100'000)); break;
  }
}
asio::awaitable<void> others(Store s, int version, bool full) {
  auto inc = [](std::optional<int> v) { return std::optional<int>(v.value_or(0) + 1); };
  auto got = co_await s.getMany(keys);
  for (auto& v : got) CHECK(v == got[0]);
  co_await s.set("other", 1);
  (void)co_await s.update("other", inc);
  (void)co_await s.setIfAbsent("other2", 1);
  (void)co_await s.find("key5");
  if (full) {
    co_await s.setMany(entries(version));
    got = co_await s.getMany(keys);
    for (auto& v : got) CHECK(v == version);
    (void)co_await s.keys(p::KeyQuery().limit(100'000));
    co_await s.removeMany(keys);
    got = co_await s.getMany(keys);
    for (auto& v : got) CHECK(!v);
    co_await s.clear();
  }
}
void finish(asio::io_context& io, asio::awaitable<void> a) {
  bool ended = false;
  asio::co_spawn(io, std::move(a), [&](std::exception_ptr e) {
    ended = true;
    if (e) std::rethrow_exception(e);
  });
  io.restart();
  for (long turns = 0; !ended && turns < 3'000'000; ++turns)
    if (!io.poll_one()) CHECK(!"nothing left to do, and not ended");
  CHECK(ended);
}
int main() {
  for (int i = 0; i < many; ++i) keys.push_back("key" + std::to_string(i));
  asio::io_context io;
  p::layer::ManagedRuntime runtime(p::layerSchemaMemory);
  Store s;
  finish(io, runtime.run([&](p::SchemaPersistance& st) -> asio::awaitable<void> {
    s = co_await st.make<int>("n");
  }));
  int version = 1, rounds = 0;
  for (int op = 0; op < 5; ++op)
    for (int turns : {1, 2, 3, 20, 60, 110, 150, 200, 300}) {
      opNow = op;
      turnsNow = turns;
      finish(io, s.setMany(entries(++version)));
      auto paused = std::make_unique<asio::io_context>();
      bool ended = false;
      asio::co_spawn(*paused, one(s, op, ++version), [&](std::exception_ptr e) { ended = !e; });
      for (int t = 0; t < turns && !ended; ++t) paused->run_one();
      const bool early = ended;
      finish(io, others(s, ++version, turns % 2));
      if (turns % 4 == 3) {
        paused->restart();
        paused->run();
        CHECK(ended);
        finish(io, others(s, ++version, true));
      }
      paused.reset();
      finish(io, others(s, ++version, true));
      ++rounds;
      if (early) break;
    }
  std::printf("%d rounds\n", rounds);
  finish(io, runtime.dispose());
}
