// Promises: values whose time has run out in an idle store are given back to the system by the shared thread, without any operation;
// so is what clear() leaves; no thread is left when there is nothing to do. A million entries take about what byteLimit counts.
#include <malloc.h>
#include <cstddef>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <new>
#include <persistance/persistance.hpp>
#include <thread>

#include "field/store/check.hpp"

namespace p = persistance;
using namespace std::chrono_literals;
std::atomic<long long> live;
void* operator new(std::size_t n) {
  void* q = std::malloc(n);
  if (!q) throw std::bad_alloc();
  live += malloc_usable_size(q);
  return q;
}
void operator delete(void* q) noexcept {
  if (q) live -= malloc_usable_size(q);
  std::free(q);
}
void operator delete(void* q, std::size_t) noexcept {
  if (q) live -= malloc_usable_size(q);
  std::free(q);
}
long threads() {
  long n = 0;
  for (auto& e : std::filesystem::directory_iterator("/proc/self/task")) {
    (void)e;
    ++n;
  }
  return n;
}
template <class F>
bool becomes(F f, int seconds) {
  for (int i = 0; i < seconds * 20; ++i) {
    if (f()) return true;
    std::this_thread::sleep_for(50ms);
  }
  return f();
}
#if defined(__SANITIZE_THREAD__)
constexpr int many = 100'000;
#else
constexpr int many = 400'000;
#endif
int main() {
  asio::io_context io;
  auto check = [](std::exception_ptr e) {
    if (e) std::rethrow_exception(e);
  };
  p::layer::ManagedRuntime runtime(p::layerSchemaMemory);
  p::Persistance<std::string> s;
  asio::co_spawn(io, runtime.run([&](p::SchemaPersistance& st) -> asio::awaitable<void> {
    s = co_await st.make<std::string>("n");
  }),
                 check);
  io.run();
  const long before = threads();
  const long long empty = live;
  auto fill = [&](std::chrono::milliseconds ttl) -> asio::awaitable<void> {
    for (int i = 0; i < many; ++i)
      co_await s.set("key:" + std::to_string(i), std::string(20, 'x'), ttl);
  };
  for (auto ttl : {std::chrono::milliseconds(3'600'000), 300ms}) {
    io.restart();
    asio::co_spawn(io, fill(ttl), check);
    io.run();
    const long long full = live;
    if (ttl > 1s)
      std::printf("%d entries of 10 + 21 bytes: %lld bytes each\n", many, (full - empty) / many);
    if (ttl > 1s) {
      io.restart();
      asio::co_spawn(io, s.clear(), check);
      io.run();
    }
    CHECK(becomes([&] { return live < empty + (full - empty) / 3; }, 8));
    CHECK(becomes([&] { return live < empty + 40LL * many; }, 2));
    std::printf("left %lld of %lld\n", live - empty, full - empty);
  }
#if !defined(__SANITIZE_THREAD__)  // it has a thread of its own
  CHECK(becomes([&] { return threads() <= before; }, 8));
#else
  (void)before;
#endif
  io.restart();
  asio::co_spawn(io, runtime.dispose(), check);
  io.run();
  std::printf("after the layer: %lld\n", live - empty);
}
