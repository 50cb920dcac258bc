// D15 D16: a fork, the limits of a process, and what is left of a store when it is closed.

#include "process.hpp"
#include "support.hpp"

#include <doctest/doctest.h>

#include <sys/resource.h>

using namespace persistance;
using namespace persistance::test;
using namespace std::chrono_literals;

namespace {

int entriesOf(const char* directory) {
  int count = 0;
  for ([[maybe_unused]] const auto& entry : std::filesystem::directory_iterator(directory)) ++count;
  return count;
}

/// How many readers LMDB's keyspace lists.
int readersOf(const Fixture& f) {
  const auto env = lmdb::openHandle(f.directory.path(), 1 << 20);
  int lines = 0;
  const auto count = [](const char* line, void* to) {
    if (std::string_view(line).find_first_of("0123456789") != std::string_view::npos)
      ++*static_cast<int*>(to);
    return 0;
  };
  mdb_reader_list(env.get(), count, &lines);
  return lines;
}

/// Sets a limit, runs `body` and gives its result; for a child, which the limit dies with.
template <class Body>
int under(int resource, rlim_t most, Body body) {
  const rlimit limit{most, most};
  if (::setrlimit(static_cast<__rlimit_resource>(resource), &limit) != 0) return 96;
  return body();
}

}  // namespace

TEST_SUITE("lmdb limits") {
  TEST_CASE("D15: the child of a fork is refused, and the parent goes on") {
    Fixture f;
    f.open();
    const auto store = f.database->store("store");
    CHECK(inChild([&] {
            Collector sink(1);
            const std::vector<std::string> keys{"k"};
            std::vector<Entry> entries;
            entries.push_back(entry("k", "child"));
            const bool refused =
                codeOfCall([&] { (void)store->read(keys, sink); }) == BackingErrc::closed &&
                codeOfCall([&] { (void)store->write(entries); }) == BackingErrc::closed &&
                codeOfCall([&] { (void)store->remove("k"); }) == BackingErrc::closed &&
                codeOfCall([&] { (void)store->clear(); }) == BackingErrc::closed;
            f.database.reset();  // neither hangs nor closes the parent's
            return refused ? 7 : 8;
          }) == 7);
    run([&]() -> asio::awaitable<void> {
      co_await f.client().set("k", "parent");
      CHECK(co_await f.client().get("k") == "parent");
    });
  }

  TEST_CASE("D16: a file size limit is full, not a signal") {
    Fixture f;
    fill(f, 2);
    CHECK(inChild([&] {
            const rlimit limit{1 << 20, 1 << 20};
            ::setrlimit(RLIMIT_FSIZE, &limit);
            f.open();
            int failures = 0;
            run([&]() -> asio::awaitable<void> {
              for (int i = 0; i < 40; ++i) {
                auto writing = f.client().set("n" + std::to_string(i), std::string(65536, 'v'));
                const auto code = co_await codeOf(std::move(writing));
                if (code == BackingErrc::full) ++failures;
              }
              if ((co_await f.client().get("k1")).has_value()) ++failures;
            });
            return failures;
          }) > 10);
  }

  TEST_CASE("D16: without file descriptors or address space opening fails in so many words") {
    Fixture f;
    fill(f, 2);
    const auto code = [&] {
      const auto failure = codeOfCall([&] { lmdb::Database(f.options, f.internals); });
      return static_cast<int>(failure.value_or(BackingErrc(90)));
    };
    const rlim_t used = static_cast<rlim_t>(entriesOf("/proc/self/fd"));
    CHECK(inChild([&] { return under(RLIMIT_NOFILE, used - 1, code); }) ==
          static_cast<int>(BackingErrc::unavailable));
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
    // What a sanitizer maps is more than any limit.
    CHECK(inChild([&] { return under(RLIMIT_AS, 1 << 20, code); }) ==
          static_cast<int>(BackingErrc::outOfMemory));
#endif
    CHECK(code() == 90);
  }

  TEST_CASE("no thread, no file descriptor and no reader's place is left of a store") {
    Fixture f;
    fill(f, 2);
    const auto use = [&] {
      f.options.readThreads = 2;
      f.open();
      const Client store = f.client();
      asio::io_context context;
      for (int i = 0; i < 20; ++i) {
        asio::co_spawn(context, store.set("k" + std::to_string(i), "v"), asio::detached);
        asio::co_spawn(context, store.get("k1"), asio::detached);
      }
      context.run_for(100us);
      f.database.reset();
    };
    use();
    const int threads = entriesOf("/proc/self/task");
    const int files = entriesOf("/proc/self/fd");
    for (int i = 0; i < 20; ++i) use();
    CHECK(entriesOf("/proc/self/task") == threads);
    CHECK(entriesOf("/proc/self/fd") == files);
    CHECK(readersOf(f) == 0);
  }

#if !defined(__SANITIZE_THREAD__)
  // That sanitizer has a thread of its own in every process.
  TEST_CASE("D16: where there is no thread to be had, opening fails and leaves nothing behind") {
    if (::getuid() != 0) {
      MESSAGE("skipped: only root can become a user without processes");
      return;
    }
    Fixture f;
    f.options.readThreads = 1;
    std::filesystem::permissions(f.directory.path(), std::filesystem::perms(0777));
    for (const rlim_t spare : {0U, 1U, 2U, 3U, 4U}) {
      CAPTURE(spare);
      const auto uid = static_cast<uid_t>(100'000 + ::getpid() % 100'000);
      const int outcome = inChild([&] {
        if (::setuid(uid) != 0) return 95;
        rlimit before{};
        ::getrlimit(RLIMIT_NPROC, &before);
        const rlimit limit{1 + spare, before.rlim_max};
        if (::setrlimit(RLIMIT_NPROC, &limit) != 0) return 96;
        const auto use = [](BackingPersistance& backing) -> asio::awaitable<void> {
          (void)co_await backing.make("store");
        };
        const auto open = [&] { run([&] { return layer::run(layerLmdb(f.options), use); }); };
        bool refused = false;
        try {
          open();
        } catch (const PersistanceBackingError& error) {
          if (error.method() != "make" || error.code() != BackingErrc::unavailable) return 97;
          refused = true;
        }
        if (entriesOf("/proc/self/task") != 1) return 98;
        if (::setrlimit(RLIMIT_NPROC, &before) != 0) return 99;
        open();
        return refused ? 1 : 2;
      });
      CHECK(outcome == (spare < 4 ? 1 : 2));  // one opens, three belong to the store
    }
  }
#endif
}
