// A class that inherits the declared id of a service, as a decorator does, is a service of its own.
#include "layers.hpp"

struct Store {
  static constexpr layer::TypeId typeId{"@app/Store"};
  virtual ~Store() = default;
  virtual std::string get() = 0;
};
struct MemoryStore : Store {
  std::string get() override { return "memory"; }
};
struct Named {
  std::string name = "a metered store with a long name";
  virtual ~Named() = default;
};
struct MeteredStore : Named, Store {
  std::string get() override {
    ++reads;
    return "metered";
  }
  int reads = 0;
};

int main() {
  asio::io_context context;
  const auto memory = layer::effect<Store>([]() -> asio::awaitable<std::shared_ptr<MemoryStore>> {
    co_return std::make_shared<MemoryStore>();
  });
  const auto metered = layer::effect([]() -> asio::awaitable<std::shared_ptr<MeteredStore>> {
    co_return std::make_shared<MeteredStore>();
  });
  Spawned program;
  program.start(context, layer::run(layer::merge(metered, memory), [](Store& s, MeteredStore& m) {
                  field::expect(s.get() == "memory", "the store is the store");
                  field::expect(m.reads == 0, "nothing was read from the metered one");
                  field::expect(m.name == "a metered store with a long name", "its other base");
                }));
  context.run();
  field::expect(program.succeeded(), program.text());
  return field::result();
}
