// Odd services: move-only, abstract by unique_ptr of a derived class, final, aligned to 64 bytes, in an anonymous
// namespace, an aggregate, a template, a local class, one with a custom deleter, one whose destructor logs.
#include <array>
#include <cstdint>
#include <functional>
#include <variant>

#include "layers.hpp"
#include "support/run.hpp"

namespace app {
struct Store {
  Store() = default;
  Store(const Store&) = delete;
  virtual ~Store() = default;
  virtual int get() const = 0;
};
struct Named {
  virtual ~Named() = default;
  virtual std::string name() const { return "named"; }
};
template <class T>
struct Repo {
  T value;
};
class Final final {
 public:
  explicit Final(int n) : n_(n) {}
  Final(Final&&) = default;
  Final(const Final&) = delete;
  int n() const { return n_; }

 private:
  int n_;
};
struct NoDefault {
  int& counter;
  const std::string name;
  std::array<int, 3> numbers;
};
struct alignas(64) Wide {
  char bytes[64];
};
struct alignas(128) Wider {
  double d[16];
};
}  // namespace app

namespace {
using persistance::test::run;
struct Hidden {
  int n;
};
struct MemoryStore final : app::Named, app::Store {
  explicit MemoryStore(EventLog& log) : log_(log) {}
  ~MemoryStore() override { log_.add("~store"); }
  int get() const override { return 9; }
  EventLog& log_;
};
struct Pool;
struct PoolDeleter {
  EventLog* log;
  void operator()(Pool* p) const;
};
struct Pool {
  int n = 4;
};
void PoolDeleter::operator()(Pool* p) const {
  log->add("deleted");
  delete p;
}
struct MoveOnly {
  std::unique_ptr<int> p;
};
struct Logs {
  EventLog* log;
  std::string name;
  Logs(EventLog& l, std::string n) : log(&l), name(std::move(n)) {}
  Logs(Logs&& o) noexcept : log(std::exchange(o.log, nullptr)), name(std::move(o.name)) {}
  ~Logs() {
    if (log) log->add("~" + name);
  }
};
struct L1 : Logs {
  using Logs::Logs;
};
struct L2 : Logs {
  using Logs::Logs;
};
struct L3 : Logs {
  using Logs::Logs;
};
struct Callable {
  int operator()(int x) const { return x + 1; }
};
struct Empty {};
struct Overloads {
  int* operator&() { return nullptr; }
  int n = 3;
};  // NOLINT
struct Comma {
  int n = 5;
  Comma operator,(int) const { return {}; }
};
struct Greedy {
  int n = 1;
  Greedy() = default;
  template <class T>
    requires(!std::is_same_v<std::decay_t<T>, Greedy>)
  explicit Greedy(T&&) : n(2) {}
};
struct Thrower {
  Thrower() = default;
  Thrower(Thrower&&) { throw std::runtime_error("move"); }
};
struct Shared : std::enable_shared_from_this<Shared> {
  Shared() {}
  int n = 6;
};
}  // namespace

int main() {
  EventLog log;
  int counter = 0;
  // one list of them all
  {
    auto store = layer::effect<app::Store>([&]() -> asio::awaitable<std::unique_ptr<MemoryStore>> {
      co_return std::make_unique<MemoryStore>(log);
    });
    auto final_ = layer::sync([] { return app::Final(2); });
    auto hidden = layer::sync([](app::Final& f) { return Hidden{f.n() + 1}; });
    auto aggregate =
        layer::sync([&](app::Store& s) { return app::NoDefault{counter, "x", {s.get(), 2, 3}}; });
    auto wide = layer::effect([]() -> asio::awaitable<app::Wide> { co_return app::Wide{}; });
    auto wider = layer::sync([](app::Wide&) { return std::make_unique<app::Wider>(); });
    auto ints = layer::sync([] { return app::Repo<int>{1}; });
    auto strings = layer::sync(
        [](app::Repo<int>& r) { return app::Repo<std::string>{std::to_string(r.value)}; });
    auto nested =
        layer::sync([](app::Repo<std::string>& r) { return app::Repo<app::Repo<std::string>>{r}; });
    auto moveOnly = layer::effect(
        []() -> asio::awaitable<MoveOnly> { co_return MoveOnly{std::make_unique<int>(8)}; });
    auto pool = layer::sync(
        [&] { return std::unique_ptr<Pool, PoolDeleter>(new Pool, PoolDeleter{&log}); });
    auto callable = layer::succeed(Callable{});
    auto function = layer::succeed(std::function<int(int)>([](int x) { return x * 2; }));
    auto text = layer::succeed(std::string("text"));
    auto vector = layer::succeed(std::vector<int>{1, 2, 3});
    auto variant = layer::succeed(std::variant<int, std::string>("v"));
    auto overloads = layer::succeed(Overloads{});
    auto comma = layer::succeed(Comma{});
    auto greedy = layer::succeed(Greedy{});
    auto sharedFromThis = layer::effect([]() -> asio::awaitable<Shared> { co_return Shared{}; });
    struct Local {
      int n;
    };
    auto local = layer::sync([](Shared& s) { return Local{s.shared_from_this()->n}; });
    auto all = layer::wire(store, final_, hidden, aggregate, wide, wider, ints, strings, nested,
                           moveOnly, pool, callable, function, text, vector, variant, overloads,
                           comma, greedy, sharedFromThis, local);
    run([&] {
      return layer::run(
          all,
          [&](app::Store& s, app::Final& f, Hidden& h, app::NoDefault& n, app::Wide& w,
              app::Wider& ww, app::Repo<std::string>& r, app::Repo<app::Repo<std::string>>& rr,
              MoveOnly& m, Pool& p, Callable& c, std::function<int(int)>& fun, std::string& t,
              std::vector<int>& v, std::variant<int, std::string>& var, Overloads& o, Comma& co,
              Greedy& g, std::shared_ptr<Shared> sh, Local& l) -> asio::awaitable<void> {
            co_await sleepFor(1ms);
            field::expect(s.get() == 9 && f.n() == 2 && h.n == 3, "abstract, final, hidden");
            field::expect(&n.counter == &counter && n.numbers[0] == 9, "aggregate");
            field::expect(reinterpret_cast<std::uintptr_t>(std::addressof(w)) % 64 == 0,
                          "aligned to 64");
            field::expect(reinterpret_cast<std::uintptr_t>(std::addressof(ww)) % 128 == 0,
                          "aligned to 128");
            field::expect(r.value == "1" && rr.value.value == "1", "templates");
            field::expect(*m.p == 8 && p.n == 4, "move-only, deleter");
            field::expect(
                c(1) == 2 && fun(2) == 4 && t == "text" && v.size() == 3 && var.index() == 1,
                "classes of the standard");
            field::expect(o.n == 3 && co.n == 5 && g.n == 1, "operators");
            field::expect(sh->n == 6 && l.n == 6, "shared from this, local");
          });
    });
    field::expect(log.text() == "deleted ~store" || log.text() == "~store deleted",
                  "destroyed by their own deleters: " + log.text());
    log.clear();
  }
  // the order of destructors and finalizers
  {
    auto one = layer::scoped([&](layer::Scope& s) {
      s.addFinalizer([&] { log.add("-1"); });
      return L1(log, "1");
    });
    auto two = layer::scoped([&](L1&, layer::Scope& s) {
      s.addFinalizer([&] { log.add("-2"); });
      return L2(log, "2");
    });
    auto three = layer::scoped([&](L2&, L1&, layer::Scope& s) -> asio::awaitable<L3> {
      s.addFinalizer([&]() -> asio::awaitable<void> {
        log.add("-3");
        co_await sleepFor(1ms);
      });
      co_return L3(log, "3");
    });
    const auto app = layer::wire<L3>(three, two, one);
    run([&] {
      return layer::run(app,
                        [&](L3&, layer::Scope& s) { s.addFinalizer([&] { log.add("-body"); }); });
    });
    field::expect(log.text() == "-body -3 ~3 -2 ~2 -1 ~1", "order: " + log.text());
    log.clear();
    // without finalizers
    const auto plain = layer::wire<L3>(layer::sync([&](L2&) { return L3(log, "3"); }),
                                       layer::sync([&](L1&) { return L2(log, "2"); }),
                                       layer::sync([&] { return L1(log, "1"); }));
    run([&] { return layer::run(plain, [](L3&) {}); });
    field::expect(log.text() == "~3 ~2 ~1", "order without finalizers: " + log.text());
    log.clear();
    // by build and close, the context gone before
    run([&]() -> asio::awaitable<void> {
      layer::Scope scope;
      {
        auto context = co_await layer::build(plain, scope);
        (void)context;
      }
      co_await scope.close();
      log.add("closed");
    });
    field::expect(log.text() == "~3 ~2 ~1 closed", "order by close: " + log.text());
    log.clear();
    // kept beyond
    std::shared_ptr<L3> kept;
    run([&] { return layer::run(plain, [&](std::shared_ptr<L3> l) { kept = l; }); });
    field::expect(log.text() == "~2 ~1", "kept: " + log.text());
    kept.reset();
    log.clear();
    // a chain through merges, provideMerge, launch cancelled
    Spawned spawned;
    asio::io_context io;
    spawned.start(io, layer::launch(app));
    after(io, 2ms, [&] { spawned.cancel(); });
    io.run();
    field::expect(log.text() == "-3 ~3 -2 ~2 -1 ~1", "order by launch: " + log.text());
    log.clear();
  }
  // a destructor that throws is the user's; a move that throws is a failure of the build
  field::expect(field::thrown([&] {
                  run([&] {
                    return layer::run(layer::sync([] { return std::make_unique<Thrower>(); }),
                                      [](Thrower&) {});
                  });
                }).empty(),
                "no move by pointer");
  field::expect(field::thrown([&] {
                  run([&] {
                    return layer::run(
                        layer::effect([]() -> asio::awaitable<Thrower> { co_return Thrower{}; }),
                        [](Thrower&) {});
                  });
                }) == "move",
                "a move that throws");
  // null pointers
  field::expect(!field::thrown([&] { (void)layer::succeed(std::shared_ptr<Hidden>()); }).empty(),
                "succeed of null");
  {
    const std::string text = field::thrown([&] {
      run([&] {
        return layer::run(
            layer::effect([]() -> asio::awaitable<std::shared_ptr<Hidden>> { co_return nullptr; }),
            [](Hidden&) {});
      });
    });
    field::expect(!text.empty(), "a function that returns null fails");
  }
  // many parameters, Context as parameter
  {
    auto app = layer::merge(layer::succeed(Hidden{1}), layer::succeed(app::Repo<int>{2}),
                            layer::succeed(Empty{}));
    const int n = run([&] {
      return layer::run(app,
                        [](layer::Context<app::Repo<int>, Hidden> c, const layer::Context<Empty>& e,
                           const Hidden& h) -> asio::awaitable<int> {
                          (void)e;
                          co_return c.get<Hidden>().n + c.get<app::Repo<int>>().value + h.n;
                        });
    });
    field::expect(n == 4, "contexts as parameters");
  }
  // what a run returns: move-only, a reference wrapper, a bool, nothing
  {
    auto p = run([&] {
      return layer::run(layer::succeed(Hidden{7}),
                        [](Hidden& h) -> asio::awaitable<std::unique_ptr<int>> {
                          co_return std::make_unique<int>(h.n);
                        });
    });
    field::expect(*p == 7, "a move-only result");
  }
  return field::result();
}
