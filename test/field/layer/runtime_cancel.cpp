// A ManagedRuntime under users that are cancelled while they build, use or wait for it, whose build fails at times, and
// which is disposed of meanwhile from inside and outside: no call hangs, each error is one of those that are named.
#include <asio/use_future.hpp>
#include <atomic>
#include <future>
#include <random>

#include "layers.hpp"

namespace {
std::atomic<int> alive{0};
struct Db {
  Db() { ++alive; }
  ~Db() { --alive; }
};
// Its text is nobody's to read: several threads have the same one, and TSan does not see the count of exception_ptr.
struct BadLuck : std::exception {};
struct Users {
  std::shared_ptr<Db> db;
};
thread_local std::mt19937 random_(std::random_device{}());
int roll(int n) { return int(random_() % unsigned(n)); }

void once(int round) {
  const std::string what = "round " + std::to_string(round);
  std::atomic<int> over{0}, odd{0};
  {
    auto db = layer::scoped([](layer::Scope& scope) -> asio::awaitable<std::shared_ptr<Db>> {
      auto made = std::make_shared<Db>();
      scope.addFinalizer(
          [made]() -> asio::awaitable<void> { co_await asio::post(asio::use_awaitable); });
      co_await sleepFor(std::chrono::milliseconds(roll(2)));
      if (roll(3) == 0) throw BadLuck();
      scope.spawn([](auto d) -> asio::awaitable<void> {
        (void)d;
        co_await sleepFor(1h);
      }(made));
      co_return made;
    });
    auto users = layer::effect([](std::shared_ptr<Db> d) -> asio::awaitable<Users> {
      co_await asio::post(asio::use_awaitable);
      co_return Users{d};
    });
    asio::io_context io;
    layer::ManagedRuntime runtime(layer::provide(users, db));
    const int jobs = 40;
    std::vector<std::shared_ptr<asio::cancellation_signal>> signals;
    for (int k = 0; k < jobs; ++k) {
      auto strand = asio::make_strand(io);
      auto signal = std::make_shared<asio::cancellation_signal>();
      signals.push_back(signal);
      asio::co_spawn(
          strand,
          [](auto r, int i, int inner) -> asio::awaitable<void> {
            for (int n = 0; n < 30; ++n) {
              try {
                if (i == inner && n == 5) {
                  const auto disposes = [r](Users&) -> asio::awaitable<void> {
                    co_await r.dispose();
                  };
                  co_await r.run(disposes);
                } else if (n % 7 == 3) {
                  (void)co_await r.context();
                } else {
                  co_await r.run([](Users&, layer::Scope& s) -> asio::awaitable<void> {
                    s.addFinalizer([] {});
                    if (roll(3) == 0) co_await sleepFor(1ms);
                  });
                }
              } catch (const BadLuck&) {
              }
            }
          }(runtime, k, round % 2 ? 7 : -1),
          asio::bind_cancellation_slot(signal->slot(),
                                       asio::bind_executor(strand, [&](std::exception_ptr e) {
                                         try {
                                           if (e) std::rethrow_exception(e);
                                         } catch (const layer::ClosedError&) {
                                         } catch (const std::system_error& s) {
                                           if (s.code() != asio::error::operation_aborted) ++odd;
                                         } catch (const std::exception& x) {
                                           ++odd;
                                           std::cerr << x.what() << '\n';
                                         }
                                         ++over;
                                       })));
      if (k % 2 == 0 && k != 7) {
        auto timer =
            std::make_shared<asio::steady_timer>(strand, std::chrono::microseconds(roll(6000)));
        timer->async_wait(
            [timer, signal](std::error_code) { signal->emit(asio::cancellation_type::terminal); });
      }
    }
    std::atomic<int> ends{0};
    for (int d = 0; d < 2; ++d) {
      auto timer = std::make_shared<asio::steady_timer>(io, std::chrono::milliseconds(roll(15)));
      timer->async_wait([&, timer](std::error_code) {
        asio::co_spawn(asio::make_strand(io), runtime.dispose(5s), [&](std::exception_ptr e) {
          if (e) ++odd;
          ++ends;
        });
      });
    }
    std::vector<std::thread> crew;
    for (int t = 0; t < 4; ++t) crew.emplace_back([&] { io.run_for(4s); });
    for (auto& t : crew) t.join();
    field::expect(over == jobs && odd == 0 && ends == 2, what + ": over " + std::to_string(over) +
                                                             " odd " + std::to_string(odd) +
                                                             " ends " + std::to_string(ends));
  }
  field::expect(alive == 0, what + ": left " + std::to_string(alive));
}
}  // namespace

int main() {
  const auto begin = std::chrono::steady_clock::now();
  for (int round = 0;
       round < 60 && field::wrong == 0 && std::chrono::steady_clock::now() - begin < 5s; ++round)
    once(round);
  return field::result();
}
