// Promises: make() of one id gives the same store from any thread; raw and typed handles see each other; make() after the layer is closed and of a backing
// that gives an empty handle or null ends with an error of the store; services may outlive their layer.
#include <cstddef>
#include <cstdio>
#include <cstdlib>
#include <nlohmann/json.hpp>
#include <persistance/persistance.hpp>
#include <thread>

#include "field/store/check.hpp"

namespace p = persistance;
using namespace std::chrono_literals;
std::shared_ptr<p::SchemaPersistance> keptSchema;
std::shared_ptr<p::BackingPersistance> keptBacking;
auto check = [](std::exception_ptr e) {
  if (e) std::rethrow_exception(e);
};
struct Odd : p::BackingPersistance {
  asio::awaitable<p::Persistance<p::Unknown>> make(std::string id) override {
    if (id == "int") throw 5;
    if (id == "abort") throw std::system_error(asio::error::operation_aborted);
    if (id == "code") throw p::backing::Failure(p::BackingErrc::authFailed, "who?");
    co_return p::Persistance<p::Unknown>();
  }
};
struct NoStore : p::BackingPersistance {
  asio::awaitable<p::Persistance<p::Unknown>> make(std::string) override {
    co_return p::Persistance<p::Unknown>();
  }
  asio::awaitable<std::shared_ptr<p::backing::Store>> open(std::string) override {
    co_return nullptr;
  }
};
asio::awaitable<void> closed(std::shared_ptr<p::SchemaPersistance> st, const char* what) {
  try {
    auto s = co_await st->make<int>("n");
    (void)co_await s.get("k");
    std::printf("%s: answers\n", what);
    CHECK(false);
  } catch (const p::PersistanceBackingError& e) {
    std::printf("%s: %s\n", what, e.what());
    CHECK(e.code() == p::BackingErrc::closed);
  }
}
asio::awaitable<void> body(std::shared_ptr<p::SchemaPersistance> st,
                           std::shared_ptr<p::BackingPersistance> backing) {
  keptSchema = st;
  keptBacking = backing;
  auto first = co_await st->make<int>("shared0");
  auto inc = [](std::optional<int> v) { return std::optional<int>(v.value_or(0) + 1); };
  std::vector<std::thread> threads;
  for (int t = 0; t < 3; ++t)
    threads.emplace_back([&] {
      asio::io_context own;
      asio::co_spawn(
          own,
          [&]() -> asio::awaitable<void> {
            for (int i = 0; i < 400; ++i) {
              auto s = co_await st->make<int>("shared" + std::to_string(i));
              (void)co_await s.update("k", inc);
              auto again = co_await st->make<int>("shared" + std::to_string(i));
              auto v = co_await again.get("k");
              CHECK(v && *v >= 1 && *v <= 3);
            }
          },
          check);
      own.run();
    });
  for (auto& t : threads) t.join();
  for (int i = 0; i < 400; ++i) {
    auto s = co_await st->make<int>("shared" + std::to_string(i));
    auto v = co_await s.get("k");
    CHECK(v == 3);
  }
  auto v = co_await first.get("k");
  CHECK(v == 3);
  auto raw = co_await backing->make("shared0");
  auto bytes = co_await raw.get("k");
  CHECK(bytes && bytes->json() == 3);
  nlohmann::json text = "text";
  co_await raw.set("k", text);
  try {
    (void)co_await first.get("k");
    CHECK(false);
  } catch (const p::PersistanceSchemaError&) {
  }
  p::Unknown broken = p::Unknown::fromBytes({});
  try {
    co_await raw.set("broken", broken);
    CHECK(false);
  } catch (const p::PersistanceSchemaError& e) {
    std::printf("%s\n", e.what());
  }
  auto up = [](std::optional<p::Unknown> u) { return u; };
  auto same = co_await raw.update("k", up);
  CHECK(same && same->json() == "text");
}
int main() {
  asio::io_context io;
  asio::co_spawn(io, p::layer::run(p::layer::provideMerge(p::layerSchema, p::layerMemory), body),
                 check);
  io.run();
  io.restart();
  asio::co_spawn(io, closed(keptSchema, "after the layer"), check);
  asio::co_spawn(io, closed(std::make_shared<p::SchemaPersistance>(nullptr), "null backing"),
                 check);
  asio::co_spawn(
      io, closed(std::make_shared<p::SchemaPersistance>(std::make_shared<Odd>()), "empty handle"),
      check);
  asio::co_spawn(
      io, closed(std::make_shared<p::SchemaPersistance>(std::make_shared<NoStore>()), "null store"),
      check);
  auto odd = std::make_shared<p::SchemaPersistance>(std::make_shared<Odd>());
  asio::co_spawn(
      io,
      [](std::shared_ptr<p::SchemaPersistance> service) -> asio::awaitable<void> {
        try {
          (void)co_await service->make<int>("int");
          CHECK(false);
        } catch (const p::PersistanceBackingError& e) {
          CHECK(e.code() == p::BackingErrc::unavailable);
        }
        try {
          (void)co_await service->make<int>("abort");
          CHECK(false);
        } catch (const std::system_error& e) {
          CHECK(e.code() == asio::error::operation_aborted);
        }
        try {
          (void)co_await service->make<int>("code");
          CHECK(false);
        } catch (const p::PersistanceBackingError& e) {
          CHECK(e.code() == p::BackingErrc::authFailed && e.method() == "make");
        }
      }(odd),
      check);
  io.run();
  keptSchema.reset();
  keptBacking.reset();
}
