#pragma once
/// @file
/// The service BackingPersistance over one open data file.

#include "backing/backing_of_stores.hpp"
#include "backing/lmdb/store.hpp"
#include "backing/stores_by_id.hpp"

#include <thread>
#include <vector>

namespace persistance::backing::lmdb {

/// @par Threads   Any number at once; the destructor last.
/// @par Lifetime  Stores may outlive it: then they answer `closed`.
class Database final : public BackingOfStores {
 public:
  /// Opens in this thread; the disk may make it wait.
  /// @par Errors  As Environment.
  explicit Database(LmdbOptions options, const Internals& internals = {});
  /// Opens in a thread of its own.
  [[nodiscard]] static asio::awaitable<std::shared_ptr<Database>> open(LmdbOptions options);

  Database(const Database&) = delete;
  Database& operator=(const Database&) = delete;
  /// Writes what is queued and closes; waits for it, at most for the deadline of the options.
  ~Database() override;

  /// The store of this id: the same one each time.
  [[nodiscard]] std::shared_ptr<Store> store(const std::string& storeId) override;

  /// Refuses what comes from now on, writes what is queued, and closes the file. Again: nothing.
  /// @par Errors  `timeout`: the disk, or a reader, did not come to an end by the deadline; closing
  ///              goes on in the background.
  [[nodiscard]] asio::awaitable<void> close();

  [[nodiscard]] const std::shared_ptr<OpenFile>& file() const noexcept { return file_; }

 private:
  void startThreads();

  std::shared_ptr<OpenFile> file_;
  StoresById<LmdbStore> stores_;
  std::vector<std::thread> threads_;
};

}  // namespace persistance::backing::lmdb
