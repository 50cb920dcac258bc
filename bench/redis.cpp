/// What the Redis backing costs beside what is there without it: redis-benchmark, and hiredis in
/// its blocking form; redis-plus-plus too, where it is installed. All in one run on one machine, interleaved; medians; a server of its own.
///
///     bench-redis [rounds]

#include <algorithm>
#include <cstdio>
#include <cstdlib>

#include <persistance/backing/redis.hpp>

#ifdef HAVE_REDIS_PLUS_PLUS
#include <sw/redis++/redis++.h>
#endif

#include "backing/redis/client.hpp"
#include "support/collector.hpp"
#include "support/server.hpp"

using namespace persistance;
using Clock = std::chrono::steady_clock;

namespace {

constexpr int pipelined = 64;
constexpr int many = 100;
const std::string value(3, 'x');  // redis-benchmark's own size

std::string keyOf(int i) { return "key:" + std::to_string(i); }

struct Count final : backing::Sink {
  void found(std::size_t, std::span<const std::byte> bytes) override { size += bytes.size(); }
  std::size_t size = 0;
};

double seconds(Clock::time_point began) {
  return std::chrono::duration<double>(Clock::now() - began).count();
}

double median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  return values[values.size() / 2];
}

/// Gets a second, as redis-benchmark says.
double redisBenchmark(const test::RedisServer& server, int pipeline, int requests) {
  const std::string command = "redis-benchmark -s " + server.socketPath() + " -c 1 -P " +
                              std::to_string(pipeline) + " -t get -q --csv -n " +
                              std::to_string(requests) + " 2>/dev/null";
  FILE* pipe = ::popen(command.c_str(), "r");
  double rate = 0;
  char line[512];
  while (std::fgets(line, sizeof(line), pipe) != nullptr) {
    if (std::sscanf(line, "\"GET\",\"%lf\"", &rate) == 1) break;
  }
  ::pclose(pipe);
  return rate;
}

struct Hiredis {
  explicit Hiredis(const test::RedisServer& server)
      : context(::redisConnectUnix(server.socketPath().c_str())) {}
  ~Hiredis() { ::redisFree(context); }

  double getsPerSecond(const std::string& name, int count) {
    const auto began = Clock::now();
    for (int i = 0; i < count; ++i) {
      const char* argv[] = {"GET", name.data()};
      const std::size_t sizes[] = {3, name.size()};
      ::freeReplyObject(::redisCommandArgv(context, 2, argv, sizes));
    }
    return count / seconds(began);
  }

  /// And each value copied into an optional, as getMany hands it over.
  double keysPerSecond(const std::vector<std::string>& names, int count) {
    std::vector<const char*> argv{"MGET"};
    std::vector<std::size_t> sizes{4};
    for (const std::string& name : names) {
      argv.push_back(name.data());
      sizes.push_back(name.size());
    }
    std::size_t total = 0;
    const auto began = Clock::now();
    for (int i = 0; i < count; ++i) {
      auto* reply = static_cast<redisReply*>(
          ::redisCommandArgv(context, static_cast<int>(argv.size()), argv.data(), sizes.data()));
      std::vector<std::optional<std::string>> all(reply->elements);
      for (std::size_t k = 0; k < reply->elements; ++k) {
        if (reply->element[k]->type == REDIS_REPLY_STRING) {
          all[k].emplace(reply->element[k]->str, reply->element[k]->len);
        }
      }
      total += all.size();
      ::freeReplyObject(reply);
    }
    return static_cast<double>(total) / seconds(began);
  }

  redisContext* context;
};

#ifdef HAVE_REDIS_PLUS_PLUS
/// Blocking, and with as many gets in one pipeline as there are coroutines in ours.
struct RedisPlusPlus {
  explicit RedisPlusPlus(const test::RedisServer& server)
      : redis("unix://" + server.socketPath()) {}

  double getsPerSecond(const std::string& name, int count) {
    const auto began = Clock::now();
    for (int i = 0; i < count; ++i) (void)redis.get(name);
    return count / seconds(began);
  }
  double pipelinedPerSecond(const std::string& name, int count) {
    auto pipeline = redis.pipeline(false);
    std::size_t size = 0;
    const auto began = Clock::now();
    for (int done = 0; done < count; done += pipelined) {
      for (int i = 0; i < pipelined; ++i) pipeline.get(name);
      auto replies = pipeline.exec();
      for (std::size_t i = 0; i < replies.size(); ++i)
        size += replies.get<sw::redis::OptionalString>(i)->size();
    }
    return size > 0 ? count / seconds(began) : 0;
  }

  sw::redis::Redis redis;
};
#endif

/// `coroutines` at once on one connection, each one get after another.
double ours(RedisOptions options, int coroutines, int total) {
  asio::io_context context(1);
  double rate = 0;
  int left = total;
  int running = coroutines;
  asio::steady_timer done(context, asio::steady_timer::time_point::max());
  const auto worker = [&](std::shared_ptr<backing::Store> store, int id) -> asio::awaitable<void> {
    const std::string key = keyOf(id);
    Count sink;
    while (left-- > 0) co_await store->readOne(key, sink);
    if (--running == 0) done.cancel();
  };
  const auto body = [&]() -> asio::awaitable<void> {
    auto client = co_await backing::redis::Client::open(options);
    auto store = client->store("bench");
    Count sink;
    co_await store->readOne("warm", sink);
    const auto began = Clock::now();
    for (int i = 0; i < coroutines; ++i) {
      asio::co_spawn(context, worker(store, i), asio::detached);
    }
    std::error_code ignored;
    co_await done.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
    rate = total / seconds(began);
    co_await client->close();
  };
  const auto alone = [&]() -> asio::awaitable<void> {
    auto client = co_await backing::redis::Client::open(options);
    auto store = client->store("bench");
    Count sink;
    const std::string key = keyOf(0);
    co_await store->readOne(key, sink);
    const auto began = Clock::now();
    for (int i = 0; i < total; ++i) co_await store->readOne(key, sink);
    rate = total / seconds(began);
    co_await client->close();
  };
  if (coroutines == 1) {
    asio::co_spawn(context, alone, asio::detached);
  } else {
    asio::co_spawn(context, body, asio::detached);
  }
  context.run();
  return rate;
}

double oursMany(RedisOptions options, int count) {
  asio::io_context context(1);
  double rate = 0;
  const auto body = [&]() -> asio::awaitable<void> {
    auto client = co_await backing::redis::Client::open(options);
    auto store = client->store("bench");
    std::vector<std::string> keys;
    for (int i = 0; i < many; ++i) keys.push_back(keyOf(i));
    const auto began = Clock::now();
    for (int i = 0; i < count; ++i) {
      test::Collector sink(keys.size());
      co_await store->read(keys, sink);
    }
    rate = static_cast<double>(count) * many / seconds(began);
    co_await client->close();
  };
  asio::co_spawn(context, body, asio::detached);
  context.run();
  return rate;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc > 2) {  // for a profiler: only our pipelined gets
    test::RedisServer server;
    std::printf("%.0f\n", ours(RedisOptions(server.url()), pipelined, std::atoi(argv[2])));
    return 0;
  }
  if (std::system("command -v redis-server >/dev/null 2>&1") != 0) {
    std::puts("redis-server is not installed");
    return 77;
  }
  const int rounds = argc > 1 ? std::atoi(argv[1]) : 7;
  test::RedisServer server;
  const std::string prefix = "persistance:{}5:bench:";
  std::vector<std::string> names;
  for (int i = 0; i < many; ++i) {
    names.push_back(prefix + keyOf(i));
    server.command({"SET", names.back(), value});
  }
  server.command({"SET", "key:__rand_int__", value});
  const RedisOptions options(server.url());
  std::vector<double> pipeline, ourPipeline, blocking, one, mget, ourMget;
  Hiredis hiredis(server);
#ifdef HAVE_REDIS_PLUS_PLUS
  RedisPlusPlus plus(server);
  std::vector<double> plusOne, plusPipeline;
#endif
  for (int round = 0; round < rounds; ++round) {
    pipeline.push_back(redisBenchmark(server, pipelined, 400000));
    ourPipeline.push_back(ours(options, pipelined, 400000));
    blocking.push_back(hiredis.getsPerSecond(names[0], 20000));
    one.push_back(ours(options, 1, 20000));
    mget.push_back(hiredis.keysPerSecond(names, 5000));
    ourMget.push_back(oursMany(options, 5000));
#ifdef HAVE_REDIS_PLUS_PLUS
    plusOne.push_back(plus.getsPerSecond(names[0], 20000));
    plusPipeline.push_back(plus.pipelinedPerSecond(names[0], 400000));
#endif
  }
  std::printf("%-44s %12s %12s %8s %8s\n", "", "reference/s", "ours/s", "ratio", "target");
  const auto row = [](const char* name, double reference, double our, double ratio,
                      const char* target) {
    std::printf("%-44s %12.0f %12.0f %8.2f %8s\n", name, reference, our, ratio, target);
  };
  row("64 gets at once : redis-benchmark -c1 -P64", median(pipeline), median(ourPipeline),
      median(ourPipeline) / median(pipeline), ">= 0.80");
  row("one get at a time, time : hiredis blocking", median(blocking), median(one),
      median(blocking) / median(one), "<= 1.25");
  row("getMany(100), time : hiredis MGET(100)", median(mget), median(ourMget),
      median(mget) / median(ourMget), "<= 1.15");
#ifdef HAVE_REDIS_PLUS_PLUS
  row("64 gets at once : redis-plus-plus pipeline", median(plusPipeline), median(ourPipeline),
      median(ourPipeline) / median(plusPipeline), "");
  row("one get at a time, time : redis-plus-plus", median(plusOne), median(one),
      median(plusOne) / median(one), "");
#endif
  return 0;
}
