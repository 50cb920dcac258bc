// One io_context per thread, one MemoMap: the database is there once however many contexts use it at
// the same time, every one of its users ends well, and nothing is left when the last has ended.
#include <atomic>

#include "layers.hpp"

namespace {
std::atomic<int> alive{0}, most{0}, opened{0}, closed{0};
struct Database {
  Database() {
    if (++alive > most) most = alive.load();
  }
  ~Database() { --alive; }
};
struct Users {
  Database* db;
};
struct Server {
  Users* users;
};
}  // namespace

int main() {
  auto database =
      layer::scoped([](layer::Scope& scope) -> asio::awaitable<std::shared_ptr<Database>> {
        ++opened;
        scope.addFinalizer([]() -> asio::awaitable<void> {
          co_await sleepFor(1ms);
          ++closed;
        });
        co_await sleepFor(1ms);
        co_return std::make_shared<Database>();
      });
  auto users = layer::effect([](Database& db) -> asio::awaitable<Users> {
    co_await sleepFor(1ms);
    co_return Users{&db};
  });
  auto server = layer::sync([](Users& u) { return Server{&u}; });
  auto app = layer::wire<Server>(server, users, database);
  const layer::MemoMap map;
  std::atomic<int> good{0};
  std::vector<std::thread> crew;
  for (int t = 0; t < 4; ++t) {
    crew.emplace_back([&, t] {
      asio::io_context io;
      for (int k = 0; k < 3; ++k) {
        asio::co_spawn(
            io,
            [&, t, k]() -> asio::awaitable<void> {
              for (int i = 0; i < 25; ++i) {
                const bool same = co_await layer::run(
                    app,
                    [i, t, k](Server& s) -> asio::awaitable<bool> {
                      co_await sleepFor(std::chrono::milliseconds((i + t + k) % 3));
                      co_return s.users->db != nullptr&& alive > 0;
                    },
                    map);
                if (same) ++good;
              }
            },
            [](std::exception_ptr e) {
              field::expect(!e, "no error: " + field::thrown([&] {
                                  if (e) std::rethrow_exception(e);
                                }));
            });
      }
      io.run();
    });
  }
  for (auto& t : crew) t.join();
  field::expect(good == 4 * 3 * 25, "every run ended well");
  field::expect(most <= 1, "never two databases");
  field::expect(alive == 0, "none is left");
  field::expect(opened == closed, "each is released");
  return field::result();
}
