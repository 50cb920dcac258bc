#include <atomic>

#include "contract/within.hpp"

namespace persistance::test::contract {
namespace {

// Runs `count` copies of `body(i)` at once and waits for all of them.
asio::awaitable<void> together(int count, std::function<asio::awaitable<void>(int)> body) {
  const auto executor = co_await asio::this_coro::executor;
  auto left = std::make_shared<std::atomic<int>>(count);
  auto error = std::make_shared<std::exception_ptr>();
  auto done = std::make_shared<asio::steady_timer>(executor, asio::steady_timer::time_point::max());
  auto strand = asio::make_strand(executor);
  for (int i = 0; i < count; ++i) {
    asio::co_spawn(executor, body(i), asio::bind_executor(strand, [=](std::exception_ptr e) {
                     if (e) *error = e;
                     if (--*left == 0) done->expires_at(asio::steady_timer::time_point::min());
                   }));
  }
  const auto wait = [=]() -> asio::awaitable<void> {
    std::error_code ignored;
    while (*left > 0) co_await done->async_wait(asio::redirect_error(asio::use_awaitable, ignored));
  };
  co_await asio::co_spawn(strand, wait, asio::use_awaitable);
  if (*error) std::rethrow_exception(*error);
}

void noLostWrite(const Subject& subject) {
  for (const int threads : {1, 4}) {
    within(
        subject,
        [](SchemaPersistance& stores) -> asio::awaitable<void> {
          auto store = co_await stores.make<int>("numbers");
          const auto writer = [&](int writerId) -> asio::awaitable<void> {
            const std::string own = "writer " + std::to_string(writerId);
            for (int i = 0; i < 50; ++i) {
              co_await store.set(own, i);
              CHECK(co_await store.get(own) == i);
              co_await store.set("shared", writerId);
              CHECK((co_await store.get("shared")).has_value());
            }
          };
          co_await together(8, writer);
          for (int i = 0; i < 8; ++i)
            CHECK(co_await store.get("writer " + std::to_string(i)) == 49);
        },
        threads);
  }
}

void wholeOrNothing(const Subject& subject) {
  if (!subject.atomic) return;
  within(
      subject,
      [](SchemaPersistance& stores) -> asio::awaitable<void> {
        auto store = co_await stores.make<int>("accounts");
        const std::vector<std::string> keys{"a", "b", "c"};
        const std::vector<std::pair<std::string, int>> start{{"a", 100}, {"b", 0}, {"c", 0}};
        co_await store.setMany(start);
        const auto party = [&](int id) -> asio::awaitable<void> {
          for (int i = 0; i < 50; ++i) {
            if (id % 2 == 0) {
              const int share = (id * 50 + i) % 50;
              std::vector<std::pair<std::string, int>> moved{
                  {"a", share}, {"b", share}, {"c", 100 - 2 * share}};
              co_await store.setMany(std::move(moved));
            } else {
              const auto found = co_await store.getMany(keys);
              CHECK(*found[0] + *found[1] + *found[2] == 100);
            }
          }
        };
        co_await together(4, party);
      },
      4);
}

}  // namespace

const std::vector<Check> concurrencyChecks{
    {"many coroutines, one and four threads: no lost write", noLostWrite},
    {"setMany and getMany are all or nothing (H3)", wholeOrNothing},
};

}  // namespace persistance::test::contract
