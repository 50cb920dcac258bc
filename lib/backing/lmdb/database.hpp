#pragma once
/// An LMDB store that is open: what the layer holds for as long as its scope.

#include "backing/lmdb/store.hpp"

namespace persistance::backing::lmdb {

/// @par Threads   Any number at once; the destructor last.
/// @par Lifetime  Stores may outlive it: then they answer `closed`.
class Database {
 public:
  /// Opens in this thread; the disk may make it wait.
  /// @par Errors  As Environment.
  explicit Database(LmdbOptions options, const Internals& internals = {});
  /// Opens in a thread of its own.
  [[nodiscard]] static asio::awaitable<std::unique_ptr<Database>> open(LmdbOptions options);

  Database(const Database&) = delete;
  Database& operator=(const Database&) = delete;
  /// Writes what is queued and closes; waits for it, at most for the deadline of the options.
  ~Database();

  /// The store of this id: the same one each time.
  [[nodiscard]] std::shared_ptr<Store> store(const std::string& storeId);

  /// Refuses what comes from now on, writes what is queued, and closes the file. Again: nothing.
  /// @par Errors  `timeout`: the disk, or a reader, did not come to an end by the deadline; it is
  ///              left to do so in the background.
  [[nodiscard]] asio::awaitable<void> close();

  [[nodiscard]] const std::shared_ptr<Engine>& engine() const noexcept { return engine_; }

 private:
  std::shared_ptr<Engine> engine_;
  std::mutex mutex_;  // guards all below
  std::map<std::string, std::shared_ptr<Store>> stores_;
  std::vector<std::thread> threads_;
};

}  // namespace persistance::backing::lmdb
