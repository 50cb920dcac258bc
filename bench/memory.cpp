// A typed record through layerSchemaMemory, beside an unordered_map behind a mutex that copies in
// and out.

#include <benchmark/benchmark.h>

#include <mutex>
#include <unordered_map>

#include "support/ratios.hpp"
#include "support/store.hpp"

using namespace persistance;
using bench::User;

namespace {

/// `std::unordered_map<std::string, User>` behind a std::mutex.
class Floor {
 public:
  void set(const std::string& key, const User& user) {
    const std::lock_guard lock(mutex_);
    users_[key] = user;
  }
  std::optional<User> get(const std::string& key) const {
    const std::lock_guard lock(mutex_);
    const auto found = users_.find(key);
    if (found == users_.end()) return std::nullopt;
    return found->second;
  }
  std::vector<std::optional<User>> getMany(const std::vector<std::string>& keys) const {
    std::vector<std::optional<User>> all(keys.size());
    const std::lock_guard lock(mutex_);
    for (std::size_t i = 0; i < keys.size(); ++i)
      if (const auto found = users_.find(keys[i]); found != users_.end()) all[i] = found->second;
    return all;
  }

 private:
  mutable std::mutex mutex_;
  std::unordered_map<std::string, User> users_;
};

/// Runs one of the loops over a filled memory store.
template <class Loop>
void inMemory(benchmark::State& state, Loop loop) {
  bench::inStore(layerSchemaMemory, [&](Persistance<User>& users) -> asio::awaitable<void> {
    co_await bench::fillUsers(users);
    co_await loop(state, users);
  });
}

Floor& filledFloor() {
  static Floor floor;
  static const bool filled = [] {
    for (std::size_t i = 0; i < bench::keys().size(); ++i)
      floor.set(bench::keys()[i], bench::user(i));
    return true;
  }();
  (void)filled;
  return floor;
}

void getOurs(benchmark::State& state) { inMemory(state, bench::getOneByOne); }

void getFloor(benchmark::State& state) {
  const Floor& floor = filledFloor();
  std::size_t i = 0;
  while (state.KeepRunning()) {
    auto found = floor.get(bench::shuffled(i++));
    benchmark::DoNotOptimize(found);
  }
}

void setOurs(benchmark::State& state) { inMemory(state, bench::setOneByOne); }

void setFloor(benchmark::State& state) {
  Floor& floor = filledFloor();
  std::size_t i = 0;
  while (state.KeepRunning()) {
    floor.set(bench::shuffled(i), bench::user(i));
    ++i;
  }
}

void getManyOurs(benchmark::State& state) { inMemory(state, bench::getHundreds); }

void getManyFloor(benchmark::State& state) {
  const Floor& floor = filledFloor();
  std::size_t i = 0;
  while (state.KeepRunning()) {
    auto keys = bench::hundredKeys(i++);
    auto found = floor.getMany(keys);
    benchmark::DoNotOptimize(found);
  }
  state.SetItemsProcessed(state.iterations() * 100);
}

BENCHMARK(getOurs)->Name("get/persistance");
BENCHMARK(getFloor)->Name("get/floor");
BENCHMARK(setOurs)->Name("set/persistance");
BENCHMARK(setFloor)->Name("set/floor");
BENCHMARK(getManyOurs)->Name("getMany a key/persistance");
BENCHMARK(getManyFloor)->Name("getMany a key/floor");

}  // namespace

int main(int argc, char** argv) {
  return bench::runWithRatios(argc, argv, {{"get", 1.5}, {"set", 2.0}, {"getMany a key", 1.05}});
}
