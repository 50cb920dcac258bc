// Four threads on one io_context: builds and closes of one MemoMap at once, Scope::spawn and
// addFinalizer from foreign threads while the scope closes, runs on strands cancelled by posting there.
#include <atomic>

#include "layers.hpp"

namespace {
std::atomic<int> alive{0};
struct Database {
  Database() { ++alive; }
  Database(const Database& o) : value(o.value) { ++alive; }
  ~Database() { --alive; }
  int value = 7;
};
struct Cache {
  std::shared_ptr<Database> db;
};
struct Users {
  std::shared_ptr<Cache> cache;
};
struct Orders {
  std::shared_ptr<Database> db;
};

auto makeApp() {
  auto database =
      layer::scoped([](layer::Scope& scope) -> asio::awaitable<std::shared_ptr<Database>> {
        scope.addFinalizer(
            []() -> asio::awaitable<void> { co_await asio::post(asio::use_awaitable); });
        co_await asio::post(asio::use_awaitable);
        co_return std::make_shared<Database>();
      });
  auto cache = layer::effect([](std::shared_ptr<Database> db) -> asio::awaitable<Cache> {
    co_await asio::post(asio::use_awaitable);
    co_return Cache{db};
  });
  auto users = layer::effect([](std::shared_ptr<Cache> c) -> asio::awaitable<Users> {
    co_await asio::post(asio::use_awaitable);
    co_return Users{c};
  });
  auto orders = layer::effect([](std::shared_ptr<Database> db) -> asio::awaitable<Orders> {
    co_await asio::post(asio::use_awaitable);
    co_return Orders{db};
  });
  return layer::wire<Users, Orders>(database, cache, users, orders);
}

/// Many strands, one map.
void builds() {
  asio::io_context io;
  auto app = makeApp();
  const layer::MemoMap map;
  std::atomic<int> good{0};
  for (int k = 0; k < 16; ++k) {
    asio::co_spawn(
        asio::make_strand(io),
        [&, k]() -> asio::awaitable<void> {
          for (int i = 0; i < 30; ++i) {
            layer::Scope scope;
            layer::MemoMap mine = map;
            if ((i + k) % 5 == 0) mine = map.fork();
            auto context = co_await layer::build(app, scope, mine);
            if (context.get<Users>().cache->db->value == 7 && context.get<Orders>().db->value == 7)
              ++good;
            if (i % 3 == 0) co_await asio::post(asio::use_awaitable);
            co_await scope.close();
          }
        },
        [](std::exception_ptr e) { field::expect(!e, "builds: no error"); });
  }
  runOn(io, 4);
  field::expect(good == 16 * 30, "builds: all of them");
  field::expect(alive == 0, "builds: none left");
}

/// Foreign threads add to scopes that close.
void adds() {
  asio::io_context io;
  std::atomic<int> added{0}, ran{0}, spawned{0}, tasksOver{0}, refused{0}, goodRuns{0};
  struct Shared {
    layer::Scope scope;
  };
  struct Over {
    std::atomic<int>* n;
    ~Over() { ++*n; }
  };
  for (int k = 0; k < 40; ++k) {
    auto handOut = std::make_shared<std::optional<layer::Scope>>();
    auto app = layer::scoped([&, handOut](layer::Scope& scope) -> asio::awaitable<Database> {
      *handOut = scope;
      for (int t = 0; t < 3; ++t) {
        std::thread([&added, &ran, &spawned, &tasksOver, &refused, s = scope] {
          for (int i = 0; i < 20; ++i) {
            if (i % 2 == 0) {
              ++added;
              if (i % 4 == 0)
                s.addFinalizer([&ran] { ++ran; });
              else
                s.addFinalizer([&ran]() -> asio::awaitable<void> {
                  co_await asio::post(asio::use_awaitable);
                  ++ran;
                });
            } else {
              try {
                ++spawned;
                s.spawn([](auto over) -> asio::awaitable<void> {
                  (void)over;
                  co_await sleepFor(1h);
                }(std::make_shared<Over>(&tasksOver)));
              } catch (const layer::ClosedError&) {
                ++refused;
              }
            }
            std::this_thread::yield();
          }
        }).detach();
      }
      co_return Database{};
    });
    asio::co_spawn(
        asio::make_strand(io),
        [&, app]() -> asio::awaitable<void> {
          co_await layer::run(app, [](Database&) -> asio::awaitable<void> {
            co_await asio::post(asio::use_awaitable);
          });
          ++goodRuns;
        },
        [](std::exception_ptr e) {
          field::expect(!e, "adds: no error " + field::thrown([&] {
                              if (e) std::rethrow_exception(e);
                            }));
        });
  }
  auto guard = asio::make_work_guard(io);
  std::thread ender([&] {
    for (int i = 0; i < 5000 && !(goodRuns == 40 && added == 40 * 30 && spawned == 40 * 30); ++i)
      std::this_thread::sleep_for(1ms);
    std::this_thread::sleep_for(20ms);
    guard.reset();
  });
  runOn(io, 4);
  ender.join();
  field::expect(goodRuns == 40, "adds: every run ended");
  field::expect(added == 1200 && ran == added, "adds: every finalizer ran, " + std::to_string(ran) +
                                                   " of " + std::to_string(added));
  field::expect(spawned == tasksOver, "adds: every task is over, " + std::to_string(tasksOver) +
                                          " of " + std::to_string(spawned));
}

/// Runs that share layers, cancelled on their strands from another thread.
void cancels() {
  asio::io_context io;
  auto app = makeApp();
  const layer::MemoMap map;
  std::atomic<int> over{0}, aborted{0}, other{0};
  struct Job {
    asio::strand<asio::io_context::executor_type> strand;
    asio::cancellation_signal signal;
    explicit Job(asio::io_context& i) : strand(asio::make_strand(i)) {}
  };
  std::vector<std::shared_ptr<Job>> jobs;
  for (int k = 0; k < 120; ++k) {
    auto job = std::make_shared<Job>(io);
    jobs.push_back(job);
    asio::co_spawn(
        job->strand,
        layer::run(
            app, [](Users&) -> asio::awaitable<void> { co_await sleepFor(1h); }, map),
        asio::bind_cancellation_slot(job->signal.slot(),
                                     asio::bind_executor(job->strand, [&](std::exception_ptr e) {
                                       ++over;
                                       const std::string text = field::thrown([&] {
                                         if (e) std::rethrow_exception(e);
                                       });
                                       if (text.find("aborted") != std::string::npos)
                                         ++aborted;
                                       else {
                                         ++other;
                                         std::cerr << text << '\n';
                                       }
                                     })));
  }
  std::thread killer([&] {
    int i = 0;
    for (auto& job : jobs) {
      asio::post(job->strand, [job] { job->signal.emit(asio::cancellation_type::terminal); });
      if (++i % 10 == 0) std::this_thread::sleep_for(1ms);
    }
  });
  runOn(io, 4);
  killer.join();
  field::expect(over == 120 && aborted == 120 && other == 0, "cancels: every run ends as aborted");
  field::expect(alive == 0, "cancels: none left");
}

/// A run that is not on a strand, on four threads.
void bare() {
  asio::io_context io;
  auto app = makeApp();
  const layer::MemoMap map;
  std::atomic<int> good{0};
  for (int k = 0; k < 50; ++k)
    asio::co_spawn(io,
                   layer::run(
                       app,
                       [&](Users&) -> asio::awaitable<void> {
                         co_await asio::post(asio::use_awaitable);
                         ++good;
                       },
                       map),
                   asio::detached);
  runOn(io, 4);
  field::expect(good == 50, "bare: all");
  field::expect(alive == 0, "bare: none left");
}
}  // namespace

int main() {
  builds();
  adds();
  cancels();
  bare();
  return field::result();
}
