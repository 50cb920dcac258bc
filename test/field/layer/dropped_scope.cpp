// One user drops a scope without closing it: the others release the layer all the same.
#include "layers.hpp"

struct Db {};

int main() {
  asio::io_context context;
  EventLog log;
  const auto db = layer::scoped([&](layer::Scope& scope) {
    log.add("acquire");
    scope.addFinalizer([&] { log.add("release"); });
    return Db();
  });
  const auto work = [&]() -> asio::awaitable<void> {
    layer::MemoMap map;
    layer::Scope mine;
    co_await layer::build(db, mine, map);
    {
      layer::Scope dropped;
      co_await layer::build(db, dropped, map);
    }
    co_await mine.close();
    layer::Scope again;
    co_await layer::build(db, again, map);
    co_await again.close();
  };
  Spawned program;
  program.start(context, work());
  context.run();
  field::expect(program.succeeded() && log.text() == "acquire release acquire release", log.text());
  return field::result();
}
