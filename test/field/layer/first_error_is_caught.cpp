// The error of a layer is caught as what it is, while a finalizer fails too; and nothing of it is
// kept when it has been handled.
#include "layers.hpp"

struct Db {};
struct Web {};
struct Connection {
  static inline int alive = 0;
  Connection() { ++alive; }
  ~Connection() { --alive; }
};
struct ConnectError : std::runtime_error {
  ConnectError() : std::runtime_error("refused"), connection(std::make_shared<Connection>()) {}
  std::shared_ptr<Connection> connection;
};

int main() {
  const auto dependency = layer::scoped([](layer::Scope& scope) {
    scope.addFinalizer([] { throw std::runtime_error("flush failed"); });
    return Web();
  });
  const auto db = layer::provide(layer::sync([](Web&) -> Db { throw ConnectError(); }), dependency);
  {
    asio::io_context context;
    Spawned program;
    bool recovered = false;
    const auto l = layer::catchAll(db, [](const ConnectError&) { return layer::succeed(Db()); });
    program.start(context, layer::run(l, [&](Db&) { recovered = true; }));
    context.run();
    field::expect(program.succeeded() && recovered, "recovered");
  }
  {
    asio::io_context context;
    const auto main = [&]() -> asio::awaitable<void> {
      try {
        co_await layer::run(db, [](Db&) {});
      } catch (const ConnectError&) {
        const auto failures = layer::failedFinalizers(std::current_exception());
        field::expect(failures.size() == 1 && failures[0].what == "flush failed", "the others");
        field::expect(layer::failedLayer(std::current_exception()) == "Db", "its layer");
      }
    };
    Spawned program;
    program.start(context, main());
    context.run();
    field::expect(program.succeeded(), "caught by its class outside too: " + program.text());
  }
  field::expect(Connection::alive == 0, "handled errors are gone");
  return field::result();
}
