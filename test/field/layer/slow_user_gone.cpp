// One thread is inside code of the user's (observer, function, finalizer, destructor, body) that the library calls, and
// just then an io_context that waits for the same layer is destroyed on another thread; a third one goes on.
#include <atomic>

#include "layers.hpp"

namespace {
enum Point {
  none,
  began,
  ended,
  failed,
  releaseBegan,
  releaseEnded,
  function,
  finalizer,
  destructor,
  body,
  task,
  error,
  points
};
const char* const names[] = {"none",         "began",        "ended",    "failed",
                             "releaseBegan", "releaseEnded", "function", "finalizer",
                             "destructor",   "body",         "task",     "error"};
std::atomic<int> point{none};
std::atomic<bool> destroyNow{false}, destroyed{false};
std::thread::id builder;

void at(int p) {
  if (p != point || destroyNow || std::this_thread::get_id() != builder) return;
  destroyNow = true;
  for (int i = 0; i < 300 && !destroyed; ++i) std::this_thread::sleep_for(1ms);
}
// Its text is nobody's to read: two threads have the same one, and TSan does not see the count of exception_ptr.
struct Failed : std::exception {};
struct Service {
  bool mine = true;
  Service() = default;
  Service(Service&& o) noexcept : mine(std::exchange(o.mine, false)) {}
  ~Service() {
    if (mine) at(destructor);
  }
};

void once(int p, bool victimWaitsForRelease) {
  const std::string what =
      std::string(names[p]) + (victimWaitsForRelease ? ", asked late" : ", asked early");
  point = p;
  destroyNow = destroyed = false;
  std::atomic<int> waiting{0};
  std::atomic<bool> started{false}, goOn{false};
  auto inner = layer::scoped([&](layer::Scope& scope) -> asio::awaitable<Service> {
    started = true;
    scope.addFinalizer([]() -> asio::awaitable<void> {
      at(finalizer);
      co_await sleepFor(2ms);
    });
    if (p == task)
      scope.spawn([]() -> asio::awaitable<void> {
        at(task);
        co_await sleepFor(1h);
      }());
    for (int i = 0; i < 400 && waiting < (victimWaitsForRelease ? 0 : 2); ++i)
      co_await sleepFor(1ms);
    at(function);
    if ((p == failed || p == error) && std::this_thread::get_id() == builder) throw Failed();
    co_return Service{};
  });
  auto tapped = layer::tapError(inner, [] { at(error); });
  auto app = layer::observe(tapped, [](const layer::LayerEvent& e) { at(began + int(e.kind)); });
  const layer::MemoMap map;
  std::string textB = "hangs", textC = "hangs";
  std::thread b([&] {
    builder = std::this_thread::get_id();
    Spawned s;
    asio::io_context io;
    s.start(io, layer::run(
                    app,
                    [&](Service&) -> asio::awaitable<void> {
                      at(body);
                      for (int i = 0; i < 300 && waiting < 2; ++i) co_await sleepFor(1ms);
                      co_await sleepFor(1ms);
                    },
                    map));
    for (int i = 0; i < 200 && !s.over(); ++i) {
      io.restart();
      io.run_one_for(10ms);
    }
    if (s.over()) textB = s.failedWith<Failed>() ? "failed" : s.text();
    goOn = true;
    for (int i = 0; i < 20; ++i) {
      io.restart();
      io.run_for(1ms);
    }
  });
  const auto other = [&](bool victim) {
    for (int i = 0; i < 2000 && !started; ++i) std::this_thread::sleep_for(100us);
    Spawned s;
    auto io = std::make_unique<asio::io_context>();
    s.start(*io, layer::run(
                     app, [](Service&) -> asio::awaitable<void> { co_await sleepFor(1ms); }, map));
    for (int i = 0; i < 5; ++i) io->poll_one();
    ++waiting;
    if (victim) {
      while (!destroyNow && !goOn) {
        io->restart();
        io->run_one_for(1ms);
      }
      io.reset();
      destroyed = true;
    } else {
      for (int i = 0; i < 200 && !s.over(); ++i) {
        io->restart();
        io->run_one_for(10ms);
      }
      if (s.over()) textC = s.failedWith<Failed>() ? "failed" : s.text();
      for (int i = 0; i < 10; ++i) {
        io->restart();
        io->run_for(1ms);
      }
    }
  };
  std::thread a(other, true), c(other, false);
  a.join(), b.join(), c.join();
  const bool mayFail = p == failed || p == error;
  field::expect(textB.empty() || (mayFail && textB == "failed"), what + ": the builder: " + textB);
  field::expect(textC.empty() || (mayFail && textC == "failed"), what + ": the third: " + textC);
  if (!destroyNow) std::cout << what << ": never there\n";
}
}  // namespace

int main() {
  for (int turn = 0; turn < 3; ++turn) {
    for (int p = began; p < points; ++p) {
      for (const bool late : {false, true}) once(p, late);
    }
  }
  return field::result();
}
