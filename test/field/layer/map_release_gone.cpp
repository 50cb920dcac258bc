// The io_context on which a key of a LayerMap (a layer of a MemoMap) is built or released is destroyed in the
// middle of it; whoever asks afterwards on another io_context gets the services, and the map can be released.
#include "layers.hpp"

namespace {
struct Conn {
  static inline int count = 0;
  Conn() { ++count; }
  Conn(const Conn&) { ++count; }
  ~Conn() { --count; }
};
using Conns = layer::LayerMap<int, Conn>;
std::string at;  // where the layer is now

auto conn() {
  return layer::scoped([](layer::Scope& scope) -> asio::awaitable<std::shared_ptr<Conn>> {
    auto made = std::make_shared<Conn>();
    scope.addFinalizer([]() -> asio::awaitable<void> {
      at = "releasing";
      co_await sleepFor(3ms);
      at = "released";
    });
    at = "building";
    co_await sleepFor(3ms);
    at = "built";
    co_return made;
  });
}

/// Runs `gone` until the layer is at `where`, destroys it, then asks on another one.
template <class Use>
void destroyedAt(const std::string& where, bool waiting, const std::string& what, Use use,
                 asio::io_context& home, Spawned& other) {
  const std::string text =
      what + ", destroyed while " + where + (waiting ? ", somebody waits" : ", nobody waits");
  at.clear();
  Spawned victim;
  auto gone = std::make_unique<asio::io_context>();
  victim.start(*gone, use(5ms));
  if (waiting) {
    while (at != "building") gone->run_one();
    other.start(home, use(1ms));
    home.restart();
    home.poll();
  }
  for (int i = 0; i < 1000 && at != where && gone->run_one_for(100ms); ++i) {
    home.restart();
    home.poll();
  }
  field::expect(at == where, text + ": never there: " + at);
  gone.reset();
  if (!waiting) other.start(home, use(1ms));
  for (int i = 0; i < 150 && !other.over(); ++i) {
    home.restart();
    home.run_one_for(10ms);
  }
  field::expect(other.succeeded(),
                text + ": the other " + (other.over() ? "failed: " + other.text() : "hangs"));
}

asio::awaitable<void> touching(std::chrono::milliseconds d) { co_await sleepFor(d); }
}  // namespace

int main() {
  for (const std::string where : {"building", "built", "releasing", "released"}) {
    for (const bool waiting : {false, true}) {
      if (waiting && (where == "releasing" || where == "released")) continue;
      {
        Spawned other;
        asio::io_context home;
        auto app = conn();
        const layer::MemoMap map;
        destroyedAt(
            where, waiting, "MemoMap",
            [&](auto d) { return layer::run(app, [d](Conn&) { return touching(d); }, map); }, home,
            other);
      }
      field::expect(Conn::count == 0, "left"), Conn::count = 0;
      {
        Spawned other, end;
        asio::io_context home;
        auto app = conn();
        layer::ManagedRuntime runtime(app);
        if (where == "building" || where == "built") {
          destroyedAt(
              where, waiting, "ManagedRuntime",
              [&](auto d) { return runtime.run([d](Conn&) { return touching(d); }); }, home, other);
          end.start(home,
                    [](auto r) -> asio::awaitable<void> { co_await r.dispose(500ms); }(runtime));
          for (int i = 0; i < 150 && !end.over(); ++i) {
            home.restart();
            home.run_one_for(10ms);
          }
          field::expect(end.succeeded(), "ManagedRuntime " + where + ": disposed of: " +
                                             (end.over() ? end.text() : "hangs"));
        }
      }
      field::expect(Conn::count == 0, "left"), Conn::count = 0;
      for (const auto idle : {0ms, 1ms}) {
        const std::string what = "LayerMap idle " + std::to_string(idle.count());
        {
          Spawned root, other, end, drop;
          asio::io_context home;
          std::optional<Conns> map;
          layer::ManagedRuntime runtime(layer::layerMap([](const int&) { return conn(); }, {idle}));
          root.start(home, runtime.run([&](Conns& m) { map = m; }));
          home.run();
          destroyedAt(
              where, waiting, what,
              [&](auto d) { return map->run(1, [d](Conn&) { return touching(d); }); }, home, other);
          drop.start(home, map->invalidate(1));
          for (int i = 0; i < 100 && !drop.over(); ++i) {
            home.restart();
            home.run_one_for(10ms);
          }
          field::expect(drop.succeeded(), what + " " + where + ": invalidate: " +
                                              (drop.over() ? drop.text() : "hangs"));
          end.start(home,
                    [](auto r) -> asio::awaitable<void> { co_await r.dispose(500ms); }(runtime));
          for (int i = 0; i < 150 && !end.over(); ++i) {
            home.restart();
            home.run_one_for(10ms);
          }
          field::expect(end.succeeded(), what + " " + where + ": disposed of: " +
                                             (end.over() ? end.text() : "hangs"));
        }
        field::expect(Conn::count == 0, what + ": left"), Conn::count = 0;
      }
    }
  }
  return field::result();
}
