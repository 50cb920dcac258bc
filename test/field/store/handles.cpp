// Promises: an awaitable keeps what it needs alive: handles copied, moved, assigned and destroyed, arguments gone, values changed after the
// call; a default handle fails with `closed`; handles of a closed layer end with an error or an answer, never with a crash.
#include <cstddef>
#include <cstdio>
#include <cstdlib>
#include <persistance/persistance.hpp>

#include "field/store/check.hpp"

namespace p = persistance;
using namespace std::chrono_literals;
using Store = p::Persistance<std::string>;
std::optional<Store> escaped;
template <class F>
asio::awaitable<void> every(Store s, F expect) {
  auto keep = [](std::optional<std::string> v) {
    return v ? v : std::optional<std::string>("new");
  };
  std::vector<std::string> ks{"a", "b"};
  std::vector<std::pair<std::string, std::string>> es{{"a", "1"}, {"b", "2"}};
  const char* names[] = {"get",   "getMany",     "set",    "setMany", "remove", "removeMany",
                         "clear", "setIfAbsent", "update", "find",    "keys"};
  for (int op = 0; op < 11; ++op) {
    std::exception_ptr error;
    try {
      switch (op) {
        case 0: (void)co_await s.get("a"); break;
        case 1: (void)co_await s.getMany(ks); break;
        case 2: co_await s.set("a", "v"); break;
        case 3: co_await s.setMany(es); break;
        case 4: co_await s.remove("a"); break;
        case 5: co_await s.removeMany(ks); break;
        case 6: co_await s.clear(); break;
        case 7: (void)co_await s.setIfAbsent("a", "v"); break;
        case 8: (void)co_await s.update("a", keep); break;
        case 9: (void)co_await s.find("a"); break;
        case 10: (void)co_await s.keys(); break;
      }
    } catch (...) {
      error = std::current_exception();
    }
    expect(names[op], error);
  }
}
asio::awaitable<void> body(p::SchemaPersistance& stores) {
  std::optional<Store> s(co_await stores.make<std::string>("n"));
  std::string value = "before";
  asio::awaitable<void> set = s->set("k", value);
  value = "after";
  value.clear();
  Store copy = *s, moved = std::move(*s);
  auto get = copy.get("k");
  auto many = moved.getMany({"k", "k2"});
  auto page = s->keys();  // moved from: still a handle? It has no move of its own
  s.reset();
  copy = Store();
  moved = copy;
  co_await std::move(set);
  auto v = co_await std::move(get);
  CHECK(v == "before");
  auto vs = co_await std::move(many);
  CHECK(vs[0] == "before");
  std::exception_ptr pageError;
  try {
    auto ks = co_await std::move(page);
    CHECK(ks.keys.size() == 1);
  } catch (const p::PersistanceBackingError& e) {
    std::printf("moved-from: %s\n", e.what());
  }
  auto isClosed = [](const char* name, std::exception_ptr error) {
    try {
      if (error) std::rethrow_exception(error);
      std::printf("%s: no error\n", name);
      CHECK(false);
    } catch (const p::PersistanceBackingError& e) {
      CHECK(e.code() == p::BackingErrc::closed && e.method() == name &&
            (e.key() == "a" || e.key() == ""));
    }
  };
  co_await every(Store(), isClosed);
  co_await every(copy, isClosed);
  Store nullObject{std::shared_ptr<p::backing::Store>(),
                   p::Schema<std::string>(p::schema::string())};
  co_await every(nullObject, isClosed);
  Store self = co_await stores.make<std::string>("n");
  Store& alias = self;
  self = alias;
  self = std::move(alias);
  co_await self.set("k", "self");
  v = co_await self.get("k");
  CHECK(v == "self");
  escaped = self;
}
int main() {
  asio::io_context io;
  auto check = [](std::exception_ptr e) {
    if (e) std::rethrow_exception(e);
  };
  asio::co_spawn(io, p::layer::run(p::layerSchemaMemory, body), check);
  io.run();
  io.restart();
  auto show = [](const char* name, std::exception_ptr error) {
    try {
      if (error) std::rethrow_exception(error);
      std::printf("after the layer: %s answers\n", name);
    } catch (const p::PersistanceBackingError& e) {
      std::printf("after the layer: %s\n", e.what());
      CHECK(e.code() == p::BackingErrc::closed);
    }
  };
  asio::co_spawn(io, every(*escaped, show), check);
  io.run();
}
