/// What a loaded store in memory costs: a second thread, the bytes of an entry, and how long others of
/// the loop wait for an operation on very many keys. Prints figures and their targets; exits with 0 in
/// any case.

#include <malloc.h>

#include <cstdio>
#include <thread>

#include <persistance/persistance.hpp>

#include "support/user.hpp"

using namespace persistance;
using bench::User;
using Clock = std::chrono::steady_clock;

namespace {

double seconds(Clock::time_point began) {
  return std::chrono::duration<double>(Clock::now() - began).count();
}

template <class Body>
void inMemory(Body body) {
  asio::io_context context(1);
  asio::co_spawn(context, layer::run(layerSchemaMemory, body), [](std::exception_ptr error) {
    if (error) std::rethrow_exception(error);
  });
  context.run();
}

std::string key(std::size_t number, std::size_t size = 12) {
  std::string digits = std::to_string(number);
  return std::string(size - digits.size(), 'k') + digits;
}

/// Gets and sets of random keys, as many a thread as `each`, each thread on an io_context of its own.
double operationsPerSecond(const Persistance<User>& users, std::size_t keys, int threads,
                           unsigned writesPercent) {
  constexpr int each = 1000000;
  const auto work = [&](unsigned id) -> asio::awaitable<void> {
    const Persistance<User> mine = users;
    const User user = bench::user(id);
    unsigned random = id * 7919 + 1;
    for (int i = 0; i < each; ++i) {
      random = random * 1664525U + 1013904223U;
      std::string name = key((random >> 8) % keys);
      if ((random >> 20) % 100 < writesPercent) {
        co_await mine.set(std::move(name), user);
      } else {
        if (!co_await mine.get(std::move(name))) std::abort();
      }
    }
  };
  std::vector<std::thread> crew;
  const auto began = Clock::now();
  for (int id = 0; id < threads; ++id)
    crew.emplace_back([&, id] {
      asio::io_context context(1);
      asio::co_spawn(context, work(static_cast<unsigned>(id)), asio::detached);
      context.run();
    });
  for (std::thread& thread : crew) thread.join();
  return each * static_cast<double>(threads) / seconds(began);
}

asio::awaitable<void> printThreads(SchemaPersistance& stores) {
  std::printf("\ntwo threads to one, operations a second      one        two    ratio  target\n");
  for (const std::size_t keys : {std::size_t{10000}, std::size_t{100000}, std::size_t{1000000}}) {
    auto users = co_await stores.make<User>("users " + std::to_string(keys));
    for (std::size_t i = 0; i < keys; ++i) {
      const User user = bench::user(i);
      co_await users.set(key(i), user);
    }
    for (const unsigned writes : {0U, 10U, 50U}) {
      const double one = operationsPerSecond(users, keys, 1, writes);
      const double two = operationsPerSecond(users, keys, 2, writes);
      std::printf("%8zu keys, %2u %% writes          %10.0f %10.0f    %5.2f    1.60\n", keys,
                  writes, one, two, two / one);
    }
  }
}

double used() {
  const auto info = ::mallinfo2();
  return static_cast<double>(info.uordblks + info.hblkhd);
}

asio::awaitable<void> printBytes(SchemaPersistance& stores) {
  constexpr std::size_t count = 1000000;
  const std::string value(32, 'x');
  const double payload = static_cast<double>(value.size()) + 2;  // encoded
  std::printf("\nbytes an entry beyond key and payload   held  removed  targets 64, 8\n");
  for (const auto& [name, size, expires] :
       {std::tuple("12-byte keys", 12, false), std::tuple("32-byte keys", 32, false),
        std::tuple("12-byte keys, time to live", 12, true)}) {
    auto store = co_await stores.make<std::string>(name);
    const double before = used();
    for (std::size_t i = 0; i < count; ++i) {
      std::string each = key(i, static_cast<std::size_t>(size));
      if (expires) {
        co_await store.set(std::move(each), value, std::chrono::hours(1));
      } else {
        co_await store.set(std::move(each), value);
      }
    }
    const double held = (used() - before) / count - size - payload;
    for (std::size_t i = 0; i < count; ++i)
      co_await store.remove(key(i, static_cast<std::size_t>(size)));
    std::printf("%-36s %7.1f %8.1f\n", name, held, (used() - before) / count);
  }
}

/// A timer of a millisecond, and how late it was at worst.
struct Lateness {
  asio::awaitable<void> watch() {
    asio::steady_timer timer(co_await asio::this_coro::executor);
    while (!stopped) {
      const auto began = Clock::now();
      timer.expires_after(std::chrono::milliseconds(1));
      co_await timer.async_wait(asio::use_awaitable);
      worst = std::max(worst, 1000 * seconds(began) - 1);
    }
  }
  asio::awaitable<void> print(const char* what) {
    asio::steady_timer timer(co_await asio::this_coro::executor, std::chrono::milliseconds(5));
    co_await timer.async_wait(asio::use_awaitable);
    if (what != nullptr) std::printf("%-36s %7.1f\n", what, worst);
    worst = 0;
  }
  double worst = 0;
  bool stopped = false;
};

asio::awaitable<void> printLateness(SchemaPersistance& stores) {
  constexpr std::size_t count = 100000;
  std::printf("a timer's lateness, ms                 worst  target 10\n");
  auto users = co_await stores.make<User>("late");
  Lateness late;
  asio::co_spawn(co_await asio::this_coro::executor, late.watch(), asio::detached);
  std::vector<std::pair<std::string, User>> entries;
  std::vector<std::string> keys;
  for (std::size_t i = 0; i < count; ++i) {
    entries.emplace_back(key(i), bench::user(i));
    keys.push_back(key(i));
  }
  co_await late.print(nullptr);
  co_await users.setMany(std::move(entries));
  co_await late.print("setMany of 100,000");
  auto found = co_await users.getMany(keys);
  co_await late.print("getMany of 100,000");
  co_await users.removeMany(std::move(keys));
  co_await late.print("removeMany of 100,000");
  for (std::size_t i = 0; i < 10 * count; ++i) {
    const User user = bench::user(i);
    co_await users.set(key(i), user);
  }
  co_await late.print(nullptr);
  co_await users.clear();
  co_await late.print("clear of 1,000,000");
  late.stopped = true;
  co_await late.print(nullptr);
}

asio::awaitable<void> printShortLived(SchemaPersistance& stores) {
  std::printf(
      "\n10,000,000 sets that live for 10 ms, by setMany(1000)\nMB in use after each tenth:");
  auto store = co_await stores.make<int>("short-lived");
  for (int round = 0; round < 10000; ++round) {
    std::vector<std::pair<std::string, int>> entries;
    for (int i = 0; i < 1000; ++i)
      entries.emplace_back(key(static_cast<std::size_t>(round * 1000 + i)), i);
    co_await store.setMany(std::move(entries), std::chrono::milliseconds(10));
    if (round % 1000 == 999) std::printf(" %.1f", used() / 1e6);
  }
  std::printf("\n");
}

}  // namespace

int main() {
  inMemory(printLateness);
  std::this_thread::sleep_for(std::chrono::seconds(5));  // what was cleared is still being freed
  inMemory(printBytes);
  inMemory(printThreads);
  inMemory(printShortLived);
}
