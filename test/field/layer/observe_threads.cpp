// observe counts every layer of a build from several threads, with events that pair up, while builds are
// cancelled, time out, are retried, shared between runs and caught: what began has ended or failed.
#include <atomic>
#include <map>

#include "layers.hpp"

namespace {
struct Database {};
struct Cache {};
struct Users {};
using Kind = layer::LayerEvent::Kind;
}  // namespace

int main() {
  std::mutex mutex;
  std::map<std::string, std::array<int, 5>> counts;
  bool named = true, timed = true;
  const layer::Observer observer = [&](const layer::LayerEvent& e) {
    const std::lock_guard lock(mutex);
    ++counts[std::string(e.layer)][std::size_t(e.kind)];
    if (e.layer.empty()) named = false;
    if ((e.kind == Kind::began || e.kind == Kind::releaseBegan) && e.duration.count() != 0)
      timed = false;
    if (e.kind == Kind::failed && !e.error) timed = false;
    if (e.kind == Kind::ended && e.error) timed = false;
  };
  std::atomic<unsigned> turn{0};
  auto database = layer::scoped([&](layer::Scope& scope) -> asio::awaitable<Database> {
    scope.addFinalizer([]() -> asio::awaitable<void> { co_await asio::post(asio::use_awaitable); });
    co_await sleepFor(std::chrono::milliseconds(turn % 3));
    if (++turn % 4 == 0) throw std::runtime_error("turn");
    co_return Database{};
  });
  auto cache = layer::scoped([&](Database&, layer::Scope& scope) -> asio::awaitable<Cache> {
    scope.addFinalizer([] {});
    const auto pause = ++turn % 5 == 0 ? 1000ms : 0ms;
    co_await sleepFor(pause);
    co_return Cache{};
  });
  auto users = layer::effect([&](Cache&, Database&) -> asio::awaitable<Users> {
    co_await asio::post(asio::use_awaitable);
    co_return Users{};
  });
  auto app = layer::observe(
      layer::provide(users,
                     layer::provideMerge(layer::timeout(cache, 3ms),
                                         layer::retry(database, layer::Schedule::immediate()))),
      observer);
  std::atomic<int> over{0};
  {
    asio::io_context io;
    const layer::MemoMap map;
    std::vector<std::shared_ptr<asio::cancellation_signal>> signals;
    for (int k = 0; k < 60; ++k) {
      auto strand = asio::make_strand(io);
      auto signal = std::make_shared<asio::cancellation_signal>();
      signals.push_back(signal);
      asio::co_spawn(
          strand,
          [](auto a, auto m, int i) -> asio::awaitable<void> {
            if (i % 3 == 0) m = layer::MemoMap();
            co_await layer::run(
                a, [](Users&) -> asio::awaitable<void> { co_await sleepFor(1ms); }, m);
          }(app, map, k),
          asio::bind_cancellation_slot(
              signal->slot(),
              asio::bind_executor(strand, [&over](std::exception_ptr) { ++over; })));
      if (k % 4 == 0) {
        auto timer = std::make_shared<asio::steady_timer>(strand, std::chrono::milliseconds(k % 7));
        timer->async_wait(
            [timer, signal](std::error_code) { signal->emit(asio::cancellation_type::terminal); });
      }
    }
    runOn(io, 4);
  }
  field::expect(over == 60, "all are over");
  field::expect(named && timed, "names, durations, errors");
  for (const auto& [name, n] : counts) {
    field::expect(n[0] == n[1] + n[2], name + ": what began has ended or failed");
    field::expect(n[3] == n[4], name + ": what is released ends");
    field::expect(n[3] == n[1], name + ": what was built is released");
  }
  field::expect(counts.size() == 3, "three layers");
  return field::result();
}
