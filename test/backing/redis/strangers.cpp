#include <doctest/doctest.h>

#include "support/cluster.hpp"
#include "support/outcomes.hpp"

using namespace persistance;
using namespace persistance::test;
using backing::redis::Client;
using std::chrono::milliseconds;

namespace {

int slotOfName(const std::string& key) {
  return backing::redis::keySlot("persistance:{}1:s:" + key);
}

/// Keys that one node owns.
std::vector<std::string> keysOf(RedisCluster& cluster, std::uint16_t port, std::size_t count) {
  std::vector<std::string> keys;
  for (int i = 0; keys.size() < count; ++i) {
    std::string key = "k" + std::to_string(i);
    if (cluster.ownerPort(slotOfName(key)) == port) keys.push_back(std::move(key));
  }
  return keys;
}

/// Writes all keys over and over until each write of a whole round was done.
asio::awaitable<bool> writeAll(StorePtr store, std::vector<std::string> keys) {
  for (const auto began = Steady::now(); since(began) < milliseconds(20000);) {
    bool all = true;
    for (const std::string& key : keys) {
      auto code = co_await failureOf(set(store, key, key));
      all = all && !code;
    }
    if (all) co_return true;
    co_await sleepFor(milliseconds(20));
  }
  co_return false;
}

/// Kills a primary, puts a stranger at its port once its replica has taken over, and looks where
/// writes go.
void replace(std::vector<std::string> options, const std::vector<std::string>& prepare) {
  RedisCluster cluster;
  const std::uint16_t victim = cluster.ownerPort(0);
  const std::vector<std::string> keys = keysOf(cluster, victim, 20);
  test::run(
      [&]() -> asio::awaitable<void> {
        auto client = co_await Client::open(RedisOptions(cluster.urls()));
        auto store = client->store("s");
        const bool before = co_await writeAll(store, keys);
        CHECK(before);
        cluster.at(victim).kill();
        const std::size_t alive = cluster.node(0).port() == victim ? 1 : 0;
        for (int i = 0; i < 1000 && cluster.ownerPort(0, alive) == victim; ++i) {
          std::this_thread::sleep_for(milliseconds(10));  // the client sees nothing of it
        }
        RedisServer stranger(options, victim);
        if (!prepare.empty()) stranger.command(prepare);
        const bool healed = co_await writeAll(store, keys);
        CHECK(healed);
        auto found = co_await getMany(store, keys);
        for (std::size_t i = 0; i < keys.size(); ++i) CHECK(found[i] == keys[i]);
        CHECK(stranger.command({"DBSIZE"}) == "0");
        co_await client->close();
      },
      milliseconds(60000));
}

void setRights(RedisCluster& cluster, const std::string& rights) {
  for (std::size_t i = 0; i < cluster.size(); ++i) {
    cluster.node(i).command({"ACL", "SETUSER", "ann", "on", ">p", "~*", "+@all", rights});
  }
}

std::vector<std::string> urlsOfAnn(RedisCluster& cluster) {
  std::vector<std::string> urls;
  for (std::size_t i = 0; i < cluster.size(); ++i) {
    urls.push_back("redis://ann:p@127.0.0.1:" + std::to_string(cluster.node(i).port()));
  }
  return urls;
}

}  // namespace

TEST_SUITE("redis strangers") {
  TEST_CASE("I16: a server that is no cluster at the port of a dead primary gets nothing") {
    replace({}, {});
  }

  TEST_CASE("I16: a cluster of its own at the port of a dead primary gets nothing") {
    replace({"--cluster-enabled", "yes", "--cluster-config-file", "stranger.conf"},
            {"CLUSTER", "ADDSLOTSRANGE", "0", "16383"});
  }

  TEST_CASE("I16: a user who loses the right to CLUSTER for a while while slots move") {
    RedisCluster cluster;
    setRights(cluster, "+cluster");
    const std::uint16_t from = cluster.ownerPort(0);
    const std::vector<std::string> keys = keysOf(cluster, from, 5);
    test::run(
        [&]() -> asio::awaitable<void> {
          RedisOptions options(urlsOfAnn(cluster));
          auto client = co_await Client::open(options);
          auto store = client->store("s");
          const bool before = co_await writeAll(store, keys);
          CHECK(before);
          setRights(cluster, "-cluster");
          cluster.moveSlot(slotOfName(keys[0]), cluster.otherThan(from));
          for (const auto began = Steady::now(); since(began) < milliseconds(1000);) {
            for (const std::string& key : keys) {
              auto code = co_await failureOf(set(store, key, key));
              CHECK(code != BackingErrc::protocol);
            }
            co_await sleepFor(milliseconds(10));
          }
          setRights(cluster, "+cluster");
          const bool healed = co_await writeAll(store, keys);
          CHECK(healed);
          auto found = co_await getMany(store, keys);
          for (std::size_t i = 0; i < keys.size(); ++i) CHECK(found[i] == keys[i]);
          co_await client->close();
        },
        milliseconds(60000));
  }

  TEST_CASE("I16: a user who has no right to CLUSTER at the start follows redirects") {
    RedisCluster& cluster = sharedCluster();
    cluster.clean();
    setRights(cluster, "-cluster");
    test::run([&]() -> asio::awaitable<void> {
      auto client = co_await Client::open(RedisOptions(urlsOfAnn(cluster)));
      auto store = client->store("s");
      for (int i = 0; i < 20; ++i) {
        const std::string key = "k" + std::to_string(i);
        co_await set(store, key, key);
        auto found = co_await get(store, key);
        CHECK(found == key);
      }
      co_await client->close();
    });
  }
}
