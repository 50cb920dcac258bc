// Operations on thousands of keys: they give way, and are cancelled between their steps.

#include <doctest/doctest.h>

#include <persistance/persistance.hpp>

#include "backing/memory/store.hpp"
#include "support/step_cancel.hpp"

using namespace persistance;
using backing::memory::MemoryStore;
using test::Outcome;

namespace {

constexpr int count = 5000;

std::vector<std::string> keys() {
  std::vector<std::string> all;
  for (int i = 0; i < count; ++i) all.push_back(std::to_string(i));
  return all;
}

std::vector<std::pair<std::string, int>> entries() {
  std::vector<std::pair<std::string, int>> all;
  for (int i = 0; i < count; ++i) all.emplace_back(std::to_string(i), i);
  return all;
}

struct Fixture {
  std::shared_ptr<MemoryStore> store = std::make_shared<MemoryStore>(MemoryOptions());
  Persistance<int> numbers{store, Schema<int>(schema::of<int>())};

  void fill() {
    test::run([&]() -> asio::awaitable<void> {
      auto all = entries();
      co_await numbers.setMany(std::move(all));
    });
  }
};

}  // namespace

TEST_SUITE("memory many") {
  TEST_CASE("setMany cancelled between its steps has written all or nothing") {
    Fixture f;
    const auto body = [&]() -> asio::awaitable<void> {
      auto all = entries();
      co_await f.numbers.setMany(std::move(all));
    };
    std::size_t written = 0;
    const auto check = [&](Outcome outcome) {
      const std::size_t size = f.store->size();
      CHECK((size == 0 || size == count));
      if (outcome == Outcome::finished) CHECK(size == count);
      if (size == count) ++written;
      (void)f.store->clear();
    };
    const auto result = test::cancelAtEachStep(body, check);
    CHECK(result.points > 10);
    CHECK(result.cancelled > 5);
    CHECK(written > 1);  // also where it was cancelled as it freed what it no longer needed
  }

  TEST_CASE("getMany and keys cancelled between their steps") {
    Fixture f;
    f.fill();
    const auto get = [&]() -> asio::awaitable<void> {
      auto all = keys();
      const auto found = co_await f.numbers.getMany(std::move(all));
      CHECK(found.back() == count - 1);
    };
    CHECK(test::cancelAtEachStep(get).cancelled > 5);
    const auto list = [&]() -> asio::awaitable<void> {
      KeyQuery query;
      query.limit(count);
      const KeyPage page = co_await f.numbers.keys(query);
      CHECK(page.keys.size() == count);
    };
    CHECK(test::cancelAtEachStep(list).cancelled > 5);
    CHECK(f.store->size() == count);
  }

  TEST_CASE("removeMany cancelled between its steps has removed all or nothing") {
    Fixture f;
    f.fill();
    const auto body = [&]() -> asio::awaitable<void> {
      auto all = keys();
      co_await f.numbers.removeMany(std::move(all));
    };
    const auto check = [&](Outcome outcome) {
      const std::size_t size = f.store->size();
      CHECK((size == 0 || size == count));
      if (outcome == Outcome::finished) CHECK(size == 0);
      if (size == 0) f.fill();
    };
    CHECK(test::cancelAtEachStep(body, check).cancelled > 5);
  }

  TEST_CASE("others have their turns in between") {
    Fixture f;
    asio::io_context context;
    int turns = 0;
    bool done = false;
    const auto other = [&]() -> asio::awaitable<void> {
      const auto executor = co_await asio::this_coro::executor;
      for (;; ++turns) {
        if (done) co_return;
        co_await asio::post(executor, asio::use_awaitable);
      }
    };
    const auto many = [&]() -> asio::awaitable<void> {
      auto all = entries();
      co_await f.numbers.setMany(std::move(all));
      const int afterSet = turns;
      CHECK(afterSet >= 8);
      auto wanted = keys();
      (void)co_await f.numbers.getMany(std::move(wanted));
      CHECK(turns - afterSet >= 6);
      done = true;
    };
    asio::co_spawn(context, other, asio::detached);
    asio::co_spawn(context, many, asio::detached);
    context.run_for(std::chrono::seconds(30));
    CHECK(done);
  }
}
