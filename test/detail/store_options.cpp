#include <doctest/doctest.h>

#include <map>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>
#include <persistance/persistance.hpp>

#include "support/run.hpp"

namespace {

using namespace persistance;
using namespace persistance::test;

asio::awaitable<void> redacted(SchemaPersistance& stores) {
  StoreOptions options;
  options.redact = true;
  using Lists = std::map<std::string, std::vector<int>>;
  const auto lists = co_await stores.make<Lists>("lists", options);
  const auto raw = co_await stores.make<nlohmann::json>("lists");
  const nlohmann::json wrong{{"hunter1", {1, "hunter2"}}};
  co_await raw.set("hunter3", wrong);
  const std::vector<std::string> keys{"hunter3"};
  const std::string big(70000, 'h');
  int caught = 0;
  const auto check = [&](const PersistanceError& error, const char* text) {
    ++caught;
    CHECK(std::string(error.what()) == text);
    CHECK(error.key().empty());
  };
  try {
    (void)co_await lists.get("hunter3");
  } catch (const PersistanceSchemaError& error) {
    check(error,
          "get: /*/1: expected an integer from -2147483648 to 2147483647, got a hidden value");
    CHECK(error.errors().front().actual == "a hidden value");
  }
  try {
    (void)co_await lists.get(big);
  } catch (const PersistanceBackingError& error) {
    check(error, "get: the key or value is too large: a key of 70000 bytes, the limit is 65536");
  }
  try {
    co_await lists.remove(big);
  } catch (const PersistanceBackingError& error) {
    check(error, "remove: the key or value is too large: a key of 70000 bytes, the limit is 65536");
  }
  options.invalidEntry = InvalidEntry::fail;
  const auto failing = co_await stores.make<Lists>("lists", options);
  try {
    (void)co_await failing.getMany(keys);
  } catch (const PersistanceSchemaError& error) {
    check(error,
          "getMany: /*/1: expected an integer from -2147483648 to 2147483647, got a hidden "
          "value");
  }
  CHECK(caught == 4);
}

asio::awaitable<void> limited(SchemaPersistance& stores) {
  StoreOptions options;
  options.limits.bytes = 10;
  const auto small = co_await stores.make<std::string>("texts", options);
  const auto large = co_await stores.make<std::string>("texts");
  co_await small.set("a", "short");
  const std::string text(20, 'x');
  co_await large.set("b", text);
  int refused = 0;
  try {
    co_await small.set("a", text);
  } catch (const PersistanceSchemaError&) {
    ++refused;
  }
  try {
    (void)co_await small.get("b");
  } catch (const PersistanceSchemaError&) {
    ++refused;
  }
  CHECK(refused == 2);
  const auto kept = co_await small.get("a");
  CHECK(kept == "short");
}

}  // namespace

TEST_SUITE("detail store options") {
  TEST_CASE("store options: a redacted store tells nothing of its values and keys") {
    run([] { return layer::run(layerSchemaMemory, redacted); });
  }

  TEST_CASE("store options: limits are those of the store") {
    run([] { return layer::run(layerSchemaMemory, limited); });
  }
}
