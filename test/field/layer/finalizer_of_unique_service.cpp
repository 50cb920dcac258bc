// A finalizer touches the service that it belongs to, which was returned as std::unique_ptr or by
// value.
#include "layers.hpp"

struct Db {
  explicit Db(EventLog& log) : events(&log) {}
  ~Db() {
    if (open) events->add("died open");
  }
  void close() {
    open = false;
    events->add("closed " + name);
  }
  EventLog* events;
  std::string name = "a database with quite a long name, on the heap";
  bool open = true;
};
struct Web {};

int main() {
  EventLog log;
  const auto db = layer::scoped([&](layer::Scope& scope) -> asio::awaitable<std::unique_ptr<Db>> {
    auto made = std::make_unique<Db>(log);
    scope.addFinalizer([&db = *made]() -> asio::awaitable<void> {
      co_await asio::post(asio::use_awaitable);
      db.close();
    });
    co_return made;
  });
  {
    asio::io_context context;
    Spawned program;
    program.start(context, layer::run(db, [](Db& d) { field::expect(d.open, "open in use"); }));
    context.run();
    field::expect(program.succeeded(), "it runs");
  }
  {
    asio::io_context context;
    Spawned program;
    const auto web = layer::effect([](Db&) -> asio::awaitable<Web> {
      co_await asio::post(asio::use_awaitable);
      throw std::runtime_error("port taken");
    });
    program.start(context, layer::run(layer::provide(web, db), [](Web&) {}));
    context.run();
    field::expect(program.text() == "port taken", "a later layer fails");
  }
  const std::string closed = "closed a database with quite a long name, on the heap";
  field::expect(log.text() == closed + " " + closed, log.text());
  return field::result();
}
