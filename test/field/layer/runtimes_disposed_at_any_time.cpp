// Two runtimes share a map, on three threads; runs are cancelled and both disposed of at any time.
#include <atomic>
#include <random>

#include "layers.hpp"

struct A {};
struct B {};
struct C {};

namespace {

struct Counts {
  std::atomic<int> acquired = 0;
  std::atomic<int> released = 0;
  std::atomic<int> ended = 0;
  std::atomic<int> strange = 0;
};

template <class T>
auto counted(Counts& counts) {
  return layer::scoped([&counts](layer::Scope& scope) -> asio::awaitable<std::shared_ptr<T>> {
    ++counts.acquired;
    scope.addFinalizer([&counts]() -> asio::awaitable<void> {
      co_await asio::post(asio::use_awaitable);
      ++counts.released;
    });
    co_await sleepFor(1ms);
    co_return std::make_shared<T>();
  });
}

template <class Runtime>
asio::awaitable<void> disposeAfter(Runtime runtime, std::chrono::microseconds wait) {
  asio::steady_timer timer(co_await asio::this_coro::executor, wait);
  co_await timer.async_wait(asio::use_awaitable);
  co_await runtime.dispose();
}

void round(std::minstd_rand& random, bool forked) {
  Counts counts;
  asio::io_context context(4);
  const auto a = counted<A>(counts);
  const auto b = counted<B>(counts);
  const auto c = layer::effect([](A&, B&) -> asio::awaitable<C> {
    co_await asio::post(asio::use_awaitable);
    co_return C();
  });
  const layer::MemoMap map;
  const layer::ManagedRuntime<C> left(layer::provide(c, a, b), map);
  const layer::ManagedRuntime<C> right(layer::provideMerge(c, layer::merge(b, a)),
                                       forked ? map.fork() : map);
  const auto done = [&](std::exception_ptr error) {
    try {
      if (error) std::rethrow_exception(error);
    } catch (const layer::ClosedError&) {
    } catch (const std::system_error&) {
    } catch (...) {
      ++counts.strange;
    }
    ++counts.ended;
  };
  std::vector<std::unique_ptr<asio::cancellation_signal>> signals;
  std::vector<std::unique_ptr<asio::steady_timer>> timers;
  const auto body = [](C&) -> asio::awaitable<void> { co_await sleepFor(2ms); };
  for (int i = 0; i < 6; ++i) {
    const auto strand = asio::make_strand(context);
    signals.push_back(std::make_unique<asio::cancellation_signal>());
    asio::co_spawn(strand, i % 2 != 0 ? left.run(body) : right.run(body),
                   asio::bind_cancellation_slot(signals.back()->slot(), done));
    if (i % 3 != 0) continue;
    timers.push_back(
        std::make_unique<asio::steady_timer>(strand, std::chrono::microseconds(random() % 5000)));
    timers.back()->async_wait([signal = signals.back().get()](std::error_code) {
      signal->emit(asio::cancellation_type::terminal);
    });
  }
  for (const auto& runtime : {left, right}) {
    asio::co_spawn(asio::make_strand(context),
                   disposeAfter(runtime, std::chrono::microseconds(random() % 6000)), done);
  }
  runOn(context, 3);
  field::expect(counts.ended == 8, "everybody ended");
  field::expect(counts.strange == 0, "closed or aborted, and nothing else");
  field::expect(counts.acquired == counts.released, "all is released");
}

}  // namespace

int main() {
  std::minstd_rand random(7);
  for (int i = 0; i < 150 && field::wrong == 0; ++i) round(random, i % 2 != 0);
  return field::result();
}
