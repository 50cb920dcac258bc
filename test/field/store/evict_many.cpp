// Promises: under `evict`, a setMany that fits into the limits is there as a whole when it has ended (nobody else writes), whatever
// was there before; one that does not fit fails with `full` and leaves everything as it was; getMany sees all or nothing.
#include <cstddef>
#include <cstdio>
#include <cstdlib>
#include <persistance/persistance.hpp>

#include "field/store/check.hpp"

namespace p = persistance;
int surprises = 0;
asio::awaitable<void> body(p::SchemaPersistance& stores) {
  auto s = co_await stores.make<int>("n");
  for (int count : {1, 5, 50, 99, 100, 101, 150, 1000}) {
    for (int round = 0; round < 3; ++round) {
      for (int i = 0; i < 100 * round; ++i) co_await s.set("old" + std::to_string(i), i);
      std::vector<std::pair<std::string, int>> entries;
      std::vector<std::string> keys;
      for (int i = 0; i < count; ++i) {
        keys.push_back("new" + std::to_string(count * 10 + round) + "." + std::to_string(i));
        entries.emplace_back(keys.back(), i);
      }
      bool taken = true;
      try {
        co_await s.setMany(entries);
      } catch (const p::PersistanceBackingError& e) {
        CHECK(e.code() == p::BackingErrc::full);
        taken = false;
      }
      auto got = co_await s.getMany(keys);
      int there = 0;
      for (auto& v : got) there += v.has_value();
      if (there != (taken ? count : 0) || (count <= 100 && !taken)) {
        ++surprises;
        std::printf("setMany of %d into 100, round %d: %s, %d are there\n", count, round,
                    taken ? "taken" : "full", there);
      }
    }
  }
}
int main() {
  p::MemoryOptions o;
  o.entryLimit = 100;
  o.whenFull = p::WhenFull::evict;
  asio::io_context io;
  std::exception_ptr error;
  asio::co_spawn(io, p::layer::run(p::layer::provide(p::layerSchema, p::layerMemoryWith(o)), body),
                 [&](std::exception_ptr e) { error = e; });
  io.run();
  if (error) std::rethrow_exception(error);
  CHECK(surprises == 0);
}
