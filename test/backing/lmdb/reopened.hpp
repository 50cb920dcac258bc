#pragma once
/// @file
/// What a store that was left in whatever way is like when it is opened again.

#include "backing/lmdb/verify.hpp"
#include "support.hpp"
#include "workload.hpp"

namespace persistance::test {

struct Reopened {
  std::optional<std::uint64_t> standsAt;  ///< Exactly after this write.
  std::string wrong;                      ///< Else why not.
};

inline LmdbReport reportOf(Fixture& f) {
  if (!f.database) f.open();
  LmdbReport report;
  run([&]() -> asio::awaitable<void> { report = co_await lmdb::verify(f.database->file()); });
  return report;
}

inline Reopened reopened(const std::filesystem::path& directory) try {
  LmdbOptions options(directory);
  options.open = LmdbOpen::mustExist;
  lmdb::Database database(options);
  Reopened result;
  run([&]() -> asio::awaitable<void> {
    const Client store(database.store("crash"));
    result.standsAt = co_await Workload::standsAt(store, result.wrong);
    const LmdbReport report = co_await lmdb::verify(database.file());
    if (report.sound()) co_return;
    result.standsAt.reset();
    result.wrong = report.problems.front();
  });
  return result;
} catch (const std::exception& error) {
  return {std::nullopt, error.what()};
}

}  // namespace persistance::test
