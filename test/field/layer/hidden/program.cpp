// A service of a shared library is found by a program that knows its class.
#include "field/layer/hidden/service.hpp"
#include "field/layer/layers.hpp"

int main() {
  asio::io_context context;
  Spawned program;
  int value = 0;
  program.start(context, layer::run(layer::provide(databaseLayer(), layer::succeed(Config{})),
                                    [&](Db& db) { value = db.value; }));
  context.run();
  field::expect(program.succeeded() && value == 7, "found: " + program.text());
  return field::result();
}
