// A LayerMap on four threads: users are cancelled at random, keys fail, the limit is reached, keys are invalidated, and
// the map is released in the middle of it, with and without a deadline; every call ends with what its header names.
#include <asio/use_future.hpp>
#include <atomic>
#include <future>
#include <random>

#include "layers.hpp"

namespace {
std::atomic<int> alive{0};
struct Tenant {
  int id;
  std::atomic<bool> open{true};
  explicit Tenant(int i) : id(i) { ++alive; }
  ~Tenant() { --alive; }
};
// Its text is nobody's to read: several threads have the same one, and TSan does not see the count of exception_ptr.
struct BadLuck : std::exception {};
using Tenants = layer::LayerMap<int, Tenant>;
thread_local std::mt19937 random_(std::random_device{}());
int roll(int n) { return int(random_() % unsigned(n)); }

void once(int round) {
  const std::string what = "round " + std::to_string(round);
  std::atomic<int> opened{0}, closed{0}, over{0}, aborted{0}, closedErrors{0}, full{0}, failed{0},
      fine{0};
  {
    layer::LayerMapOptions<int> options(std::chrono::milliseconds(round % 3));
    if (round % 2) options.keyLimit = 6;
    auto keys = layer::layerMap(
        [&](const int& id) {
          return layer::scoped(
              [&, id](layer::Scope& scope) -> asio::awaitable<std::shared_ptr<Tenant>> {
                auto tenant = std::make_shared<Tenant>(id);
                ++opened;
                scope.addFinalizer([&, tenant]() -> asio::awaitable<void> {
                  co_await asio::post(asio::use_awaitable);
                  tenant->open = false;
                  ++closed;
                });
                if (roll(3) == 0)
                  scope.spawn([](auto t) -> asio::awaitable<void> {
                    (void)t;
                    co_await sleepFor(1h);
                  }(tenant));
                if (roll(4) == 0) co_await sleepFor(std::chrono::milliseconds(roll(3)));
                if (roll(10) == 0) throw BadLuck();
                co_return tenant;
              });
        },
        options);
    asio::io_context io;
    auto guard = asio::make_work_guard(io);
    std::vector<std::thread> crew;
    for (int t = 0; t < 4; ++t) crew.emplace_back([&] { io.run(); });
    layer::ManagedRuntime runtime(keys);
    const auto held =
        asio::co_spawn(asio::make_strand(io),
                       runtime.run([](std::shared_ptr<Tenants> m) { return m; }), asio::use_future)
            .get();
    const Tenants map = *held;
    std::vector<std::shared_ptr<asio::cancellation_signal>> signals;
    const int jobs = 60;
    for (int k = 0; k < jobs; ++k) {
      auto strand = asio::make_strand(io);
      auto signal = std::make_shared<asio::cancellation_signal>();
      signals.push_back(signal);
      asio::co_spawn(
          strand,
          [](Tenants m, std::atomic<int>* n, std::string w) -> asio::awaitable<void> {
            for (int i = 0; i < 200; ++i) {
              const int key = roll(10);
              const int kind = roll(8);
              try {
                if (kind == 0)
                  co_await m.invalidate(key);
                else if (kind == 1)
                  co_await m.preload(key);
                else if (kind == 2) {
                  layer::Scope scope;
                  std::exception_ptr error;
                  try {
                    auto c = co_await m.get(key, scope);
                    if (c.get<Tenant>().id != key) field::expect(false, w + ": key");
                  } catch (...) {
                    error = std::current_exception();
                  }
                  co_await scope.close();
                  if (error) std::rethrow_exception(error);
                } else {
                  co_await m.run(key, [key, &w](Tenant& t) -> asio::awaitable<void> {
                    if (t.id != key || !t.open) field::expect(false, w + ": open");
                    if (roll(3) == 0) co_await sleepFor(1ms);
                    if (!t.open) field::expect(false, w + ": open to the end");
                  });
                }
                ++*n;
              } catch (const layer::LayerMapFull&) {
              } catch (const BadLuck&) {
              }
            }
          }(map, &fine, what),
          asio::bind_cancellation_slot(signal->slot(),
                                       asio::bind_executor(strand, [&](std::exception_ptr e) {
                                         try {
                                           if (e) std::rethrow_exception(e);
                                         } catch (const layer::ClosedError&) {
                                           ++closedErrors;
                                         } catch (const std::system_error& s) {
                                           if (s.code() == asio::error::operation_aborted)
                                             ++aborted;
                                           else
                                             ++failed;
                                         } catch (const std::exception& x) {
                                           ++failed;
                                           std::cerr << x.what() << '\n';
                                         }
                                         ++over;
                                       })));
      if (k % 3 == 0) {
        auto timer =
            std::make_shared<asio::steady_timer>(strand, std::chrono::microseconds(roll(8000)));
        timer->async_wait(
            [timer, signal](std::error_code) { signal->emit(asio::cancellation_type::terminal); });
      }
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(roll(20)));
    std::optional<std::chrono::milliseconds> deadline;
    if (round % 4 == 3) deadline = 0ms;
    if (round % 4 == 2) deadline = 5s;
    auto end = asio::co_spawn(asio::make_strand(io), runtime.dispose(deadline), asio::use_future);
    field::expect(end.wait_for(5s) == std::future_status::ready, what + ": dispose hangs");
    if (end.wait_for(0s) != std::future_status::ready) {
      std::cerr << "open " << opened << " closed " << closed << " over " << over << '\n';
      std::_Exit(1);
    }
    try {
      end.get();
    } catch (const layer::ShutdownTimeout&) {
      field::expect(deadline == 0ms, what + ": a timeout");
      asio::co_spawn(io, runtime.dispose(), asio::use_future).get();
    }
    field::expect(opened == closed, what + ": when the map is released, all is: " +
                                        std::to_string(opened) + " " + std::to_string(closed));
    field::expect(map.keys().empty(), what + ": no keys");
    guard.reset();
    for (auto& t : crew) t.join();
    field::expect(over == jobs && failed == 0,
                  what + ": over " + std::to_string(over) + " failed " + std::to_string(failed));
  }
  field::expect(alive == 0, what + ": left " + std::to_string(alive));
}
}  // namespace

int main() {
  const auto begin = std::chrono::steady_clock::now();
  for (int round = 0;
       round < 40 && field::wrong == 0 && std::chrono::steady_clock::now() - begin < 6s; ++round)
    once(round);
  return field::result();
}
