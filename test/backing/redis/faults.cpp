#include <doctest/doctest.h>

#include <asio/use_future.hpp>
#include <filesystem>

#include <persistance/backing/redis.hpp>

#include "support/server.hpp"
#include "support/step_cancel.hpp"
#include "support/workload.hpp"

using namespace persistance;
using namespace persistance::test;
using redis::Client;
using std::chrono::milliseconds;
using Steady = std::chrono::steady_clock;

namespace {

std::size_t openFiles() {
  std::size_t count = 0;
  for ([[maybe_unused]] const auto& entry : std::filesystem::directory_iterator("/proc/self/fd")) {
    ++count;
  }
  return count;
}

asio::awaitable<std::optional<BackingErrc>> openFailure(RedisOptions options, std::string* said) {
  try {
    auto client = co_await Client::open(options);
    co_await client->close();
  } catch (const backing::Failure& failure) {
    if (said != nullptr) *said = failure.what();
    co_return static_cast<BackingErrc>(failure.code().value());
  }
  co_return std::nullopt;
}

asio::awaitable<std::optional<BackingErrc>> getFailure(StorePtr store, std::string key) {
  try {
    co_await get(store, key);
  } catch (const backing::Failure& failure) {
    co_return static_cast<BackingErrc>(failure.code().value());
  }
  co_return std::nullopt;
}

milliseconds since(Steady::time_point began) {
  return std::chrono::duration_cast<milliseconds>(Steady::now() - began);
}

/// What a thousand operations came to that were under way at once.
struct Outcomes {
  std::map<std::string, int> count;
  int left = 0;

  asio::awaitable<void> one(StorePtr store, int i) {
    const std::string key = "k" + std::to_string(i);
    std::string name = "ok";
    try {
      if (i % 2 == 0) {
        co_await set(store, key, key);
      } else {
        auto found = co_await get(store, key);
        if (found && *found != key) name = "WRONG";
      }
    } catch (const backing::Failure& failure) {
      name = failure.code().message();
    }
    ++count[name];
    --left;
  }

  void start(asio::any_io_executor executor, StorePtr store, int operations) {
    left = operations;
    for (int i = 0; i < operations; ++i) asio::co_spawn(executor, one(store, i), asio::detached);
  }

  asio::awaitable<void> end() {
    while (left > 0) co_await sleepFor(milliseconds(1));
  }

  int of(BackingErrc code) { return count[make_error_code(code).message()]; }
};

}  // namespace

TEST_SUITE("redis-real-faults") {
  TEST_CASE("E1: server down at start: the build fails fast, or starts degraded and heals") {
    RedisServer server;
    server.kill();
    test::run([&]() -> asio::awaitable<void> {
      const auto began = Steady::now();
      auto code = co_await openFailure(RedisOptions(server.url()), nullptr);
      CHECK(code == BackingErrc::unavailable);
      CHECK(since(began) < milliseconds(1000));
      RedisOptions options(server.url());
      options.start = RedisStart::degraded;
      auto client = co_await Client::open(options);
      auto store = client->store("s");
      auto down = co_await getFailure(store, "k");
      CHECK(down == BackingErrc::unavailable);
      server.start();
      co_await sleepFor(milliseconds(30));
      co_await set(store, "k", "v");
      auto found = co_await get(store, "k");
      CHECK(found == "v");
      co_await client->close();
    });
  }

  TEST_CASE("E2: kill -9 with a thousand operations under way: each ends once, none wrongly") {
    for (int round = 0; round < 5; ++round) {
      RedisServer server;
      test::run([&]() -> asio::awaitable<void> {
        auto client = co_await Client::open(RedisOptions(server.url()));
        Outcomes outcomes;
        outcomes.start(co_await asio::this_coro::executor, client->store("s"), 1000);
        for (int i = 0; i < round; ++i) co_await sleepFor(milliseconds(1));
        server.signal(SIGSTOP);
        Outcomes late;
        late.start(co_await asio::this_coro::executor, client->store("s"), 1000);
        co_await sleepFor(milliseconds(20));
        server.kill();
        co_await outcomes.end();
        co_await late.end();
        CHECK(outcomes.count["WRONG"] == 0);
        CHECK(late.count["WRONG"] == 0);
        CHECK(late.of(BackingErrc::unknownOutcome) == 500);
        CHECK(late.of(BackingErrc::unavailable) == 500);
        co_await client->close();
      });
    }
  }

  TEST_CASE("E3: five restarts: the first operation after each succeeds, no descriptor leaks") {
    RedisServer server;
    test::run([&]() -> asio::awaitable<void> {
      auto client = co_await Client::open(RedisOptions(server.url()));
      auto store = client->store("s");
      std::size_t files = 0;
      for (int round = 0; round < 5; ++round) {
        co_await set(store, "k", std::to_string(round));
        if (round == 0) files = openFiles();
        server.kill();
        if (round % 2 == 1) {  // long enough for the breaker to open
          for (int i = 0; i < 30; ++i) {
            static_cast<void>(co_await getFailure(store, "k"));
            co_await sleepFor(milliseconds(20));
          }
          const auto began = Steady::now();
          auto code = co_await getFailure(store, "k");
          CHECK(code == BackingErrc::unavailable);
          CHECK(since(began) < milliseconds(20));
        }
        server.start();
        co_await sleepFor(milliseconds(30));
        auto gone = co_await get(store, "k");
        CHECK_FALSE(gone.has_value());
      }
      CHECK(openFiles() == files);
      co_await client->close();
    });
  }

  TEST_CASE("E4: a stopped server: deadlines hold, the breaker opens, and it heals") {
    RedisServer server;
    test::run([&]() -> asio::awaitable<void> {
      RedisOptions options(server.url());
      options.commandTimeout = milliseconds(200);
      options.operationTimeout = milliseconds(500);
      options.connectTimeout = milliseconds(200);
      auto client = co_await Client::open(options);
      auto store = client->store("s");
      co_await set(store, "k", "v");
      server.signal(SIGSTOP);
      auto began = Steady::now();
      auto write = co_await failureOf(set(store, "k", "w"));
      CHECK(write == BackingErrc::unknownOutcome);
      CHECK(since(began) < milliseconds(250));
      began = Steady::now();
      auto read = co_await getFailure(store, "k");
      CHECK((read == BackingErrc::timeout || read == BackingErrc::unavailable));
      CHECK(since(began) < milliseconds(550));
      co_await sleepFor(milliseconds(1500));
      began = Steady::now();
      read = co_await getFailure(store, "k");
      read = co_await getFailure(store, "k");
      CHECK(read == BackingErrc::unavailable);
      CHECK(since(began) < milliseconds(300));
      server.signal(SIGCONT);
      co_await sleepFor(milliseconds(1200));
      auto found = co_await get(store, "k");
      CHECK((found == "v" || found == "w"));
      co_await client->close();
    });
  }

  TEST_CASE("E6: maxmemory: the write fails, reads go on") {
    RedisServer server({"--maxmemory", "3mb", "--maxmemory-policy", "noeviction"});
    test::run([&]() -> asio::awaitable<void> {
      auto client = co_await Client::open(RedisOptions(server.url()));
      auto store = client->store("s");
      co_await set(store, "small", "v");
      std::optional<BackingErrc> code;
      for (int i = 0; i < 100 && !code; ++i) {
        code = co_await failureOf(set(store, std::to_string(i), std::string(100000, 'x')));
      }
      CHECK(code == BackingErrc::outOfMemory);
      auto found = co_await get(store, "small");
      CHECK(found == "v");
      co_await client->close();
    });
  }

  TEST_CASE("E7: a list under the key: wrongType, and the list stays") {
    RedisServer server;
    server.command({"RPUSH", "persistance:{}1:s:k", "x"});
    test::run([&]() -> asio::awaitable<void> {
      auto client = co_await Client::open(RedisOptions(server.url()));
      auto code = co_await getFailure(client->store("s"), "k");
      CHECK(code == BackingErrc::wrongType);
      co_await client->close();
    });
    CHECK(server.command({"LLEN", "persistance:{}1:s:k"}) == "1");
  }

  TEST_CASE("E8: 64 MiB round-trips; over the limit is refused before it is sent") {
    RedisServer server;
    test::run([&]() -> asio::awaitable<void> {
      auto client = co_await Client::open(RedisOptions(server.url()));
      auto store = client->store("s");
      const std::string value(std::size_t{64} << 20, 'v');
      co_await set(store, "k", value);
      auto found = co_await get(store, "k");
      CHECK((found == value));
      co_await client->close();
      RedisOptions options(server.url());
      options.maxValueSize = 1000;
      auto small = co_await Client::open(options);
      auto code = co_await failureOf(set(small->store("s"), "k", std::string(1001, 'x')));
      CHECK(code == BackingErrc::tooLarge);
      co_await set(small->store("s"), "k", std::string(1000, 'x'));
      co_await small->close();
      server.command({"CONFIG", "SET", "proto-max-bulk-len", "1048576"});
      auto third = co_await Client::open(RedisOptions(server.url()));
      code = co_await failureOf(set(third->store("s"), "k", std::string(2000000, 'x')));
      CHECK((code == BackingErrc::tooLarge || code == BackingErrc::unknownOutcome));
      co_await third->close();
    });
  }

  TEST_CASE(
      "E9: no, wrong and changed passwords, missing rights: authFailed, no storm, no secret") {
    RedisServer server({"--requirepass", "hunter2"}, RedisServer::Over::tcp);
    const std::string place = "127.0.0.1:" + std::to_string(server.port());
    test::run([&]() -> asio::awaitable<void> {
      std::string said;
      auto code = co_await openFailure(RedisOptions("redis://" + place), &said);
      CHECK(code == BackingErrc::authFailed);
      code = co_await openFailure(RedisOptions("redis://:wrong-secret@" + place), &said);
      CHECK(code == BackingErrc::authFailed);
      CHECK(said.find("wrong-secret") == std::string::npos);
      auto client = co_await Client::open(RedisOptions("redis://:hunter2@" + place + "/3"));
      auto store = client->store("s");
      co_await set(store, "k", "v");
      auto found = co_await get(store, "k");
      CHECK(found == "v");
      co_await client->close();
    });
  }

  TEST_CASE("E9: a user without the right to write, and one whose password changes") {
    RedisServer server({"--user", "reader", "on", ">pw", "~*", "+get", "+mget"});
    test::run([&]() -> asio::awaitable<void> {
      const std::string url = "unix://reader:pw@" + server.socketPath();
      auto client = co_await Client::open(RedisOptions(url));
      auto store = client->store("s");
      auto found = co_await get(store, "k");
      CHECK_FALSE(found.has_value());
      auto code = co_await failureOf(set(store, "k", "v"));
      CHECK(code == BackingErrc::authFailed);
      server.command({"ACL", "SETUSER", "reader", "<pw", ">new"});
      server.command({"CLIENT", "KILL", "USER", "reader"});
      co_await sleepFor(milliseconds(100));
      const auto began = Steady::now();
      for (int i = 0; i < 200; ++i) {
        code = co_await getFailure(store, "k");
        CHECK(code == BackingErrc::authFailed);
      }
      CHECK(since(began) < milliseconds(500));
      server.command({"ACL", "SETUSER", "reader", ">pw"});
      bool healed = false;
      for (int i = 0; i < 150 && !healed; ++i) {
        co_await sleepFor(milliseconds(20));
        healed = !(co_await getFailure(store, "k")).has_value();
      }
      CHECK(healed);
      co_await client->close();
    });
    const std::string log = server.command({"INFO", "stats"});
    const auto at = log.find("total_connections_received:");
    REQUIRE(at != std::string::npos);
    CHECK(std::stoi(log.substr(at + 27)) < 60);  // 200 operations were not 200 attempts
  }

  TEST_CASE("E19: dead seeds are passed over; a server that is no cluster is said to be none") {
    RedisServer server;
    test::run([&]() -> asio::awaitable<void> {
      const std::string dead = "redis://127.0.0.1:" + std::to_string(freePort());
      const std::string dead2 = "redis://127.0.0.1:" + std::to_string(freePort());
      const std::vector<std::string> some{dead, dead2, server.url()};
      auto client = co_await Client::open(RedisOptions(some));
      co_await set(client->store("s"), "k", "v");
      co_await client->close();
      const std::vector<std::string> none{dead, dead2};
      auto code = co_await openFailure(RedisOptions(none), nullptr);
      CHECK(code == BackingErrc::unavailable);
      RedisOptions cluster(server.url());
      cluster.topology = RedisTopology::cluster;
      std::string said;
      code = co_await openFailure(cluster, &said);
      CHECK(code == BackingErrc::protocol);
      CHECK(said.find("no cluster") != std::string::npos);
    });
  }

  TEST_CASE("E20: a hundred thousand operations against a stopped server: overloaded, bounded") {
    RedisServer server;
    test::run([&]() -> asio::awaitable<void> {
      RedisOptions options(server.url());
      options.queueLimit = 1000;
      options.commandTimeout = milliseconds(300);
      options.operationTimeout = milliseconds(300);
      auto client = co_await Client::open(options);
      server.signal(SIGSTOP);
      Outcomes outcomes;
      outcomes.start(co_await asio::this_coro::executor, client->store("s"), 100000);
      co_await outcomes.end();
      CHECK(outcomes.of(BackingErrc::overloaded) == 99000);
      server.signal(SIGCONT);
      co_await client->close();
    });
  }

  TEST_CASE("F1: every operation cancelled at every step, on one client: the next one is fine") {
    RedisServer server;
    std::size_t points = 0;
    struct Case {
      const char* name;
      std::function<asio::awaitable<void>(StorePtr)> body;
    };
    const auto getOne = [](StorePtr store) -> asio::awaitable<void> { co_await get(store, "a"); };
    const auto getAll = [](StorePtr store) -> asio::awaitable<void> {
      std::vector<std::string> keys{"a", "b"};
      co_await getMany(store, keys);
    };
    const auto setOne = [](StorePtr store) -> asio::awaitable<void> {
      co_await set(store, "a", "a");
    };
    const auto clearAll = [](StorePtr store) -> asio::awaitable<void> { co_await store->clear(); };
    const auto removeOne = [](StorePtr store) -> asio::awaitable<void> {
      co_await remove(store, "a");
    };
    for (const Case& each : {Case{"get", getOne}, Case{"getMany", getAll}, Case{"set", setOne},
                             Case{"remove", removeOne}, Case{"clear", clearAll}}) {
      CAPTURE(each.name);
      // The client lives in a context of its own, which the cancelled coroutine's one is not.
      asio::io_context home;
      auto work = asio::make_work_guard(home);
      std::thread thread([&] { home.run(); });
      std::shared_ptr<Client> client;
      auto opened =
          asio::co_spawn(home, Client::open(RedisOptions(server.url())), asio::use_future);
      client = opened.get();
      auto store = client->store("s");
      const StepCancel result = cancelAtEachStep([&] { return each.body(store); },
                                                 [&](test::Outcome) {
                                                   test::run([&]() -> asio::awaitable<void> {
                                                     co_await set(store, "b", "b");
                                                     auto found = co_await get(store, "b");
                                                     CHECK(found == "b");
                                                   });
                                                 });
      CHECK(result.points > 0);
      points += result.points;
      asio::co_spawn(home, client->close(), asio::use_future).get();
      work.reset();
      thread.join();
    }
    MESSAGE("cancellation points: " << points);
  }

  TEST_CASE("cancelled in flight: the late reply is drained, and nobody else's") {
    RedisServer server;
    test::run([&]() -> asio::awaitable<void> {
      auto client = co_await Client::open(RedisOptions(server.url()));
      auto store = client->store("s");
      const auto executor = co_await asio::this_coro::executor;
      for (int i = 0; i < 64; ++i)
        co_await set(store, "k" + std::to_string(i), "k" + std::to_string(i));
      for (int round = 0; round < 50; ++round) {
        std::vector<std::unique_ptr<asio::cancellation_signal>> signals;
        int left = 64;
        int wrong = 0;
        const auto one = [&](int i) -> asio::awaitable<void> {
          const std::string key = "k" + std::to_string(i);
          auto found = co_await get(store, key);
          if (found != key) ++wrong;
        };
        for (int i = 0; i < 64; ++i) {
          signals.push_back(std::make_unique<asio::cancellation_signal>());
          asio::co_spawn(executor, one(i),
                         asio::bind_cancellation_slot(signals.back()->slot(),
                                                      [&](std::exception_ptr) { --left; }));
        }
        for (int i = 0; i < round % 7; ++i) co_await asio::post(executor, asio::use_awaitable);
        for (int i = 0; i < 64; i += 3)
          signals[static_cast<std::size_t>(i)]->emit(asio::cancellation_type::terminal);
        while (left > 0) co_await sleepFor(milliseconds(1));
        CHECK(wrong == 0);
      }
      co_await client->close();
    });
  }

  TEST_CASE("F4: the io_context goes with operations under way: nothing is called, nothing leaks") {
    RedisServer server;
    const std::size_t files = openFiles();
    for (int round = 0; round < 20; ++round) {
      StorePtr kept;
      Outcomes outcomes;
      {
        asio::io_context context;
        const auto body = [&]() -> asio::awaitable<void> {
          auto client = co_await Client::open(RedisOptions(server.url()));
          kept = client->store("s");
          outcomes.start(context.get_executor(), kept, 100);
          co_await sleepFor(std::chrono::hours(1));
        };
        asio::co_spawn(context, body, asio::detached);
        context.run_for(milliseconds(5 + round));
      }
      if (!kept) continue;
      test::run([&]() -> asio::awaitable<void> {
        auto code = co_await getFailure(kept, "k");
        CHECK(code == BackingErrc::closed);
      });
    }
    CHECK(openFiles() == files);
  }

  TEST_CASE("F5, F6: close while operations run, twice, and with a stuck server: bounded") {
    RedisServer server;
    test::run([&]() -> asio::awaitable<void> {
      RedisOptions options(server.url());
      options.closeTimeout = milliseconds(200);
      auto client = co_await Client::open(options);
      const auto executor = co_await asio::this_coro::executor;
      Outcomes fine;
      fine.start(executor, client->store("s"), 100);
      co_await asio::post(executor, asio::use_awaitable);
      asio::co_spawn(executor, client->close(), asio::detached);
      co_await client->close();
      CHECK(fine.left == 0);
      CHECK(fine.count["WRONG"] == 0);
      auto closed = co_await getFailure(client->store("s"), "k");
      CHECK(closed == BackingErrc::closed);

      auto stuck = co_await Client::open(options);
      server.signal(SIGSTOP);
      Outcomes late;
      late.start(executor, stuck->store("s"), 100);
      co_await sleepFor(milliseconds(10));
      const auto began = Steady::now();
      co_await stuck->close();
      CHECK(since(began) < milliseconds(600));
      CHECK(late.left == 0);
      CHECK(late.of(BackingErrc::unknownOutcome) == 50);
      server.signal(SIGCONT);
    });
  }

  TEST_CASE("H1: many threads and contexts on one client: every reply to its own operation") {
    RedisServer server;
    RedisOptions options(server.url());
    options.connectionsPerNode = 2;
    asio::io_context home;
    auto work = asio::make_work_guard(home);
    std::vector<std::thread> crew;
    for (int i = 0; i < 2; ++i) crew.emplace_back([&] { home.run(); });
    auto client = asio::co_spawn(home, Client::open(options), asio::use_future).get();
    std::atomic<int> wrong = 0;
    std::vector<std::thread> callers;
    for (int t = 0; t < 4; ++t) {
      callers.emplace_back([&, t] {
        const auto body = [&]() -> asio::awaitable<void> {
          auto store = client->store("s");
          for (int i = 0; i < 200; ++i) {
            const std::string key = std::to_string(t) + "/" + std::to_string(i % 10);
            co_await set(store, key, key + "=" + std::to_string(i));
            auto found = co_await get(store, key);
            if (found != key + "=" + std::to_string(i)) ++wrong;
          }
        };
        test::run(body, std::chrono::seconds(20), 2);
      });
    }
    for (std::thread& caller : callers) caller.join();
    CHECK(wrong == 0);
    asio::co_spawn(home, client->close(), asio::use_future).get();
    work.reset();
    for (std::thread& thread : crew) thread.join();
  }
}
