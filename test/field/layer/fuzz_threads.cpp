// Random programs on threads: six io_contexts with one or two threads each share a MemoMap, layers fail, are retried and
// cancelled, and half of the contexts are stopped and destroyed meanwhile; the others end well and on time.
#include <atomic>
#include <random>

#include "layers.hpp"

namespace {
std::atomic<int> alive{0};
struct Live {
  Live() { ++alive; }
  Live(const Live&) { ++alive; }
  ~Live() { --alive; }
};
struct A : Live {
  std::atomic<bool> open{true};
};
struct B : Live {};
struct C : Live {};
struct D : Live {};
thread_local std::mt19937 random_(std::random_device{}());
int roll(int n) { return int(random_() % unsigned(n)); }

template <class S>
asio::awaitable<std::shared_ptr<S>> step(layer::Scope scope) {
  auto made = std::make_shared<S>();
  const int kind = roll(8);
  if (kind & 1)
    scope.addFinalizer(
        [made]() -> asio::awaitable<void> { co_await asio::post(asio::use_awaitable); });
  if (kind & 2)
    scope.spawn([](auto s) -> asio::awaitable<void> {
      (void)s;
      co_await sleepFor(1h);
    }(made));
  for (int i = roll(3); i > 0; --i) co_await asio::post(asio::use_awaitable);
  if (roll(10) == 0) throw std::runtime_error("bad luck");
  co_return made;
}
auto makeApp() {
  auto a = layer::scoped([](layer::Scope& s) { return step<A>(s); });
  auto b = layer::retry(layer::scoped([](A&, layer::Scope& s) { return step<B>(s); }),
                        layer::Schedule::immediate().times(2));
  auto c = layer::timeout(layer::scoped([](A&, layer::Scope& s) { return step<C>(s); }), 5s);
  auto d = layer::orElse(layer::scoped([](B&, C&, layer::Scope& s) { return step<D>(s); }),
                         layer::sync([](B&) { return D{}; }));
  return layer::provideMerge(d, layer::provideMerge(layer::merge(b, c), a));
}
}  // namespace

int main() {
  auto app = makeApp();
  const auto begin = std::chrono::steady_clock::now();
  int rounds = 0;
  for (; rounds < 60 && std::chrono::steady_clock::now() - begin < 5s && field::wrong == 0;
       ++rounds) {
    const layer::MemoMap map;
    std::atomic<int> odd{0}, hung{0};
    std::vector<std::thread> crew;
    for (int t = 0; t < 6; ++t) {
      crew.emplace_back([&, t] {
        const bool victim = t % 2 == 0;
        std::atomic<int> left{4};
        std::vector<std::shared_ptr<asio::cancellation_signal>> signals;
        {
          asio::io_context io;
          for (int k = 0; k < 4; ++k) {
            auto strand = asio::make_strand(io);
            auto signal = std::make_shared<asio::cancellation_signal>();
            signals.push_back(signal);
            asio::co_spawn(
                strand,
                [](auto a, auto m, bool endless) -> asio::awaitable<void> {
                  for (int i = 0; i < 12 || endless; ++i) {
                    try {
                      co_await layer::run(
                          a,
                          [](A& x, D&) -> asio::awaitable<void> {
                            co_await asio::post(asio::use_awaitable);
                            if (!x.open) field::expect(false, "open");
                          },
                          m);
                    } catch (const std::runtime_error& e) {
                      if (std::string(e.what()) != "bad luck") throw;
                    }
                  }
                }(app, map, victim),
                asio::bind_cancellation_slot(
                    signal->slot(), asio::bind_executor(strand, [&](std::exception_ptr e) {
                      const std::string text = field::thrown([&] {
                        if (e) std::rethrow_exception(e);
                      });
                      if (!text.empty() && text.find("aborted") == std::string::npos)
                        ++odd, std::cerr << text << '\n';
                      --left;
                    })));
            if (k == 1 || victim) {
              auto timer = std::make_shared<asio::steady_timer>(
                  strand, std::chrono::microseconds(roll(4000)));
              if (roll(2))
                timer->async_wait([timer, signal](std::error_code) {
                  signal->emit(asio::cancellation_type::terminal);
                });
            }
          }
          std::vector<std::thread> pair;
          const auto work = [&] {
            const auto until =
                std::chrono::steady_clock::now() + (victim ? std::chrono::microseconds(roll(6000))
                                                           : std::chrono::microseconds(4000000));
            while (left > 0 && std::chrono::steady_clock::now() < until) io.run_one_for(1ms);
          };
          if (t % 3 == 0) pair.emplace_back(work);
          work();
          for (auto& p : pair) p.join();
          if (!victim && left > 0) ++hung;
          // the survivors stay until the others of this round need them no more
          if (!victim) io.run_for(1ms);
        }
      });
    }
    for (auto& t : crew) t.join();
    field::expect(hung == 0, "round " + std::to_string(rounds) + ": hung " + std::to_string(hung));
    field::expect(odd == 0, "round " + std::to_string(rounds) + ": odd errors");
  }
  field::expect(alive == 0, "left " + std::to_string(alive));
  return field::result();
}
