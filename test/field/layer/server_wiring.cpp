// Twelve services wired from a flat list are built once, each after what it requires and released
// before it, on an io_context, on a thread_pool, on strands of both; a service's heartbeat (spawned)
// is over before what it uses is released.
#include <asio/thread_pool.hpp>
#include <asio/use_future.hpp>
#include <atomic>
#include <future>
#include <map>

#include "layers.hpp"

namespace {

struct Base {
  EventLog* log;
  std::string name;
  Base(EventLog& log_, std::string name_) : log(&log_), name(std::move(name_)) {
    log->add("+" + name);
  }
  Base(const Base&) = delete;
  ~Base() { log->add("~" + name); }
};
struct Config : Base {
  using Base::Base;
  int port = 80;
};
struct Logger : Base {
  using Base::Base;
  std::atomic<int> lines{0};
};
struct Metrics : Base {
  using Base::Base;
  std::atomic<int> beats{0};
};
struct Database : Base {
  using Base::Base;
  bool open = true;
};
struct Cache : Base {
  using Base::Base;
};
struct Users : Base {
  using Base::Base;
};
struct Orders : Base {
  using Base::Base;
};
struct Mailer : Base {
  using Base::Base;
};
struct Auth : Base {
  using Base::Base;
};
struct Router : Base {
  using Base::Base;
};
struct Server : Base {
  using Base::Base;
  int answer() const { return 42; }
};
struct Migrated {};

template <class S>
std::shared_ptr<S> made(EventLog& log, std::string name, layer::Scope& scope) {
  scope.addFinalizer([&log, name]() -> asio::awaitable<void> {
    co_await sleepFor(1ms);
    log.add("-" + name);
  });
  return std::make_shared<S>(log, name);
}

auto makeApp(EventLog& log) {
  auto config = layer::scoped([&log](layer::Scope& s) { return made<Config>(log, "config", s); });
  auto logger =
      layer::scoped([&log](Config&, layer::Scope& s) { return made<Logger>(log, "logger", s); });
  auto metrics =
      layer::scoped([&log](Config&, layer::Scope& s) -> asio::awaitable<std::shared_ptr<Metrics>> {
        co_await sleepFor(1ms);
        auto metrics_ = made<Metrics>(log, "metrics", s);
        s.spawn([](std::shared_ptr<Metrics> m, EventLog* l) -> asio::awaitable<void> {
          struct Over {
            EventLog* l;
            ~Over() { l->add("-heartbeat"); }
          } over{l};
          for (;;) {
            co_await sleepFor(1ms);
            ++m->beats;
          }
        }(metrics_, &log));
        co_return metrics_;
      });
  auto database = layer::scoped(
      [&log](Config&, Logger& l, layer::Scope& s) -> asio::awaitable<std::shared_ptr<Database>> {
        ++l.lines;
        co_await sleepFor(3ms);
        co_return made<Database>(log, "database", s);
      });
  auto migration = layer::effect([&log](Database& db) -> asio::awaitable<Migrated> {
    co_await sleepFor(1ms);
    field::expect(db.open, "the database is open when it is migrated");
    log.add("+migrated");
    co_return Migrated{};
  });
  auto cache =
      layer::scoped([&log](Config&, layer::Scope& s) -> asio::awaitable<std::shared_ptr<Cache>> {
        co_await sleepFor(2ms);
        co_return made<Cache>(log, "cache", s);
      });
  auto users = layer::scoped([&log](Database&, Cache&, Migrated&, layer::Scope& s) {
    return made<Users>(log, "users", s);
  });
  auto orders = layer::scoped(
      [&log](Database&, Users&, layer::Scope& s) { return made<Orders>(log, "orders", s); });
  auto mailer =
      layer::scoped([&log](Logger&, layer::Scope& s) { return made<Mailer>(log, "mailer", s); });
  auto auth = layer::scoped([&log](Users&, layer::Scope& s) { return made<Auth>(log, "auth", s); });
  auto router = layer::scoped(
      [&log](Auth&, Orders&, Mailer&, layer::Scope& s) { return made<Router>(log, "router", s); });
  auto server = layer::scoped(
      [&log](Router&, Metrics&, layer::Scope& s) { return made<Server>(log, "server", s); });
  return layer::wire<Server>(server, router, auth, mailer, orders, users, cache, migration,
                             database, metrics, logger, config);
}

void check(EventLog& log, const std::string& where) {
  std::map<std::string, int> at;
  int i = 0;
  for (const std::string& event : log.events()) {
    field::expect(!at.count(event), where + ": twice " + event);
    at[event] = ++i;
  }
  const auto has = [&](const std::string& e) {
    field::expect(at.count(e) == 1, where + ": never " + e + ": " + log.text());
  };
  const auto before = [&](const std::string& a, const std::string& b) {
    has(a), has(b);
    field::expect(at[a] < at[b], where + ": " + a + " before " + b + ": " + log.text());
  };
  for (const auto& [user, used] :
       std::vector<std::pair<std::string, std::string>>{{"logger", "config"},
                                                        {"metrics", "config"},
                                                        {"database", "config"},
                                                        {"database", "logger"},
                                                        {"cache", "config"},
                                                        {"users", "database"},
                                                        {"users", "cache"},
                                                        {"orders", "users"},
                                                        {"orders", "database"},
                                                        {"mailer", "logger"},
                                                        {"auth", "users"},
                                                        {"router", "auth"},
                                                        {"router", "orders"},
                                                        {"router", "mailer"},
                                                        {"server", "router"},
                                                        {"server", "metrics"}}) {
    before("+" + used, "+" + user);
    before("-" + user, "-" + used);
    before("~" + user, "~" + used);
    before("-" + user, "~" + user);
    before("~" + user, "-" + used);  // "A layer's service lives until its last finalizer ... ended"
  }
  before("-heartbeat", "-metrics");
  before("+migrated", "+users");
}

template <class On>
void future(On on, const std::string& where) {
  EventLog log;
  auto app = makeApp(log);
  auto got = asio::co_spawn(on,
                            layer::run(app,
                                       [](Server& server) -> asio::awaitable<int> {
                                         co_await sleepFor(3ms);
                                         co_return server.answer();
                                       }),
                            asio::use_future);
  field::expect(got.get() == 42, where);
  check(log, where);
}

}  // namespace

int main() {
  {
    asio::io_context io;
    auto guard = asio::make_work_guard(io);
    std::thread thread([&] { io.run(); });
    future(io.get_executor(), "io_context");
    future(asio::make_strand(io), "strand of an io_context");
    guard.reset();
    thread.join();
  }
  {
    asio::thread_pool pool(1);
    future(pool.get_executor(), "thread_pool(1)");
  }
  {
    asio::thread_pool pool(4);
    for (int i = 0; i < 10; ++i) future(asio::make_strand(pool), "strand of a thread_pool(4)");
    for (int i = 0; i < 10; ++i) future(pool.get_executor(), "thread_pool(4)");
  }
  return field::result();
}
