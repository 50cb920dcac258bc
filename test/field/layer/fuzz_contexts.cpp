// Random programs: five io_contexts on one thread share a MemoMap and a runtime; runs, builds, launches and closes are
// started, stepped, cancelled, and contexts destroyed at random; whoever is left ends, and nothing is left over.
#include <list>
#include <random>

#include "layers.hpp"

namespace {
struct Live {
  static inline int count = 0;
  Live() { ++count; }
  Live(const Live&) { ++count; }
  ~Live() { --count; }
};
struct A : Live {
  int n = 0;
};
struct B : Live {};
struct C : Live {};
struct D : Live {};
struct E : Live {};

struct World {
  std::mt19937 random;
  int roll(int n) { return int(random() % unsigned(n)); }
  bool closing = false;
};

template <class S>
asio::awaitable<std::shared_ptr<S>> step(World& w, layer::Scope scope) {
  auto made = std::make_shared<S>();
  const int kind = w.roll(8);
  if (kind & 1) scope.addFinalizer([made]() -> asio::awaitable<void> { co_await sleepFor(0ms); });
  if (kind & 2)
    scope.spawn([](auto s) -> asio::awaitable<void> {
      (void)s;
      co_await sleepFor(1h);
    }(made));
  const int waits = w.roll(3);
  for (int i = 0; i < waits; ++i) co_await sleepFor(0ms);
  if (kind & 4) scope.addFinalizer([made] {});
  if (w.roll(12) == 0) throw std::runtime_error("bad luck");
  co_return made;
}

auto makeApp(World& w) {
  auto a = layer::scoped([&w](layer::Scope& s) { return step<A>(w, s); });
  auto b = layer::retry(layer::scoped([&w](A&, layer::Scope& s) { return step<B>(w, s); }),
                        layer::Schedule::immediate().times(2));
  auto c = layer::timeout(layer::scoped([&w](A&, layer::Scope& s) { return step<C>(w, s); }), 1h);
  auto d = layer::orElse(layer::scoped([&w](B&, C&, layer::Scope& s) { return step<D>(w, s); }),
                         layer::succeed(D{}));
  auto e = layer::tap(layer::scoped([&w](D&, layer::Scope& s) { return step<E>(w, s); }),
                      [](E&) -> asio::awaitable<void> { co_await sleepFor(0ms); });
  return layer::provideMerge(e, layer::provideMerge(d, layer::provideMerge(layer::merge(b, c), a)));
}

void once(unsigned seed) {
  const std::string what = "seed " + std::to_string(seed);
  {
    World w;
    w.random.seed(seed);
    auto app = makeApp(w);
    auto part = layer::scoped([&w](layer::Scope& s) { return step<A>(w, s); });
    struct Job {
      Spawned spawned;
      int on;
      bool endless;
      std::string kind;
    };
    std::list<Job> jobs;  // outlive the contexts
    std::vector<std::unique_ptr<asio::io_context>> io(5);
    for (auto& i : io) i = std::make_unique<asio::io_context>();
    {
      const layer::MemoMap map;
      std::optional<layer::ManagedRuntime<A, B, C, D, E>> runtime;
      runtime.emplace(app, map);
      const int steps = 40 + w.roll(160);
      int alive = 5;
      for (int i = 0; i < steps; ++i) {
        const int on = w.roll(5);
        if (!io[std::size_t(on)]) continue;
        auto& context = *io[std::size_t(on)];
        switch (w.roll(10)) {
          case 0: {
            Job& job = jobs.emplace_back();
            job.on = on;
            const int kind = w.roll(6);
            job.endless = kind == 1;
            job.kind = std::to_string(kind);
            const layer::MemoMap mine = w.roll(4) == 0 ? map.fork() : map;
            if (kind == 0)
              job.spawned.start(context, layer::run(
                                             app,
                                             [](E&, layer::Scope& s) -> asio::awaitable<void> {
                                               s.spawn(sleepFor(1h));
                                               co_await sleepFor(0ms);
                                             },
                                             mine));
            if (kind == 1)
              job.spawned.start(
                  context,
                  layer::run(
                      app, [](E&) -> asio::awaitable<void> { co_await sleepFor(1h); }, mine));
            if (kind == 2)
              job.spawned.start(context, [](auto l, auto m) -> asio::awaitable<void> {
                layer::Scope scope;
                std::exception_ptr error;
                try {
                  auto c = co_await layer::build(l, scope, m);
                  (void)c.template get<E>();
                  co_await sleepFor(0ms);
                } catch (...) {
                  error = std::current_exception();
                }
                co_await scope.close(layer::Exit(error));
                if (error) std::rethrow_exception(error);
              }(app, mine));
            if (kind == 3)
              job.spawned.start(context, runtime->run([](D&) -> asio::awaitable<void> {
                co_await sleepFor(0ms);
              }));
            if (kind == 4)
              job.spawned.start(
                  context,
                  layer::run(
                      layer::merge(part, app),
                      [](A&, C&) -> asio::awaitable<void> { co_await sleepFor(0ms); }, mine));
            if (kind == 5)
              job.spawned.start(asio::make_strand(context),
                                layer::run(layer::fresh(app), [](A&, C&) {}, mine));
            break;
          }
          case 1:
            if (!jobs.empty() && w.roll(3) == 0) {
              auto at = std::next(jobs.begin(), w.roll(int(jobs.size())));
              if (io[std::size_t(at->on)]) at->spawned.cancel();
            }
            break;
          case 2:
            if (w.roll(8) == 0 && alive > 2) {
              io[std::size_t(on)].reset();
              --alive;
            }
            break;
          default:
            for (int k = w.roll(6); k > 0; --k) {
              context.restart();
              context.poll_one();
            }
        }
      }
      // those that are left end
      const auto pump = [&](auto done) {
        const auto until = std::chrono::steady_clock::now() + 1500ms;
        while (!done() && std::chrono::steady_clock::now() < until) {
          for (auto& i : io)
            if (i) {
              i->restart();
              i->poll();
            }
        }
        return done();
      };
      for (int turn = 0; turn < 20; ++turn)
        for (auto& i : io)
          if (i) {
            i->restart();
            i->poll();
          }
      for (Job& job : jobs)
        if (io[std::size_t(job.on)] && !job.spawned.over() && job.endless) job.spawned.cancel();
      pump([&] {
        for (Job& job : jobs)
          if (io[std::size_t(job.on)] && !job.spawned.over()) return false;
        return true;
      });
      for (Job& job : jobs)
        if (io[std::size_t(job.on)])
          field::expect(job.spawned.over(), what + ": a job of kind " + job.kind + " hangs on " +
                                                std::to_string(job.on));
      for (Job& job : jobs)
        if (job.spawned.over() && !job.spawned.succeeded())
          field::expect(job.spawned.aborted() || job.spawned.text() == "bad luck",
                        what + ": " + job.spawned.text());
      Job& last = jobs.emplace_back();
      for (last.on = 0; !io[std::size_t(last.on)]; ++last.on) {
      }
      last.spawned.start(*io[std::size_t(last.on)], runtime->dispose());
      pump([&] { return last.spawned.over(); });
      field::expect(last.spawned.succeeded(),
                    what + ": dispose: " + (last.spawned.over() ? last.spawned.text() : "hangs"));
      runtime.reset();
      // everything is released now, but for D's copies in the layers: 1 in the orElse
    }
    for (int turn = 0; turn < 3; ++turn)
      for (auto& i : io)
        if (i) {
          i->restart();
          i->poll();
        }
    field::expect(Live::count <= 1,
                  what + ": after the end " + std::to_string(Live::count) + " are left");
    io.clear();
  }
  field::expect(Live::count == 0, what + ": left " + std::to_string(Live::count));
  Live::count = 0;
}
}  // namespace

int main(int argc, char** argv) {
  const unsigned first = argc > 1 ? unsigned(std::atoi(argv[1])) : 0;
  const unsigned end = argc > 2 ? unsigned(std::atoi(argv[2])) : first + 400;
  for (unsigned seed = first; seed < end && field::wrong < 12; ++seed) once(seed);
  return field::result();
}
