#pragma once
/// @file
/// One store of an open environment.

#include "backing/lmdb/open_file.hpp"

namespace persistance::backing::lmdb {

/// Everything under one storeId. Reads happen in the caller, writes in the writer's thread.
class LmdbStore final : public Store {
 public:
  /// `ordinal` tells the stores of one file apart.
  LmdbStore(std::shared_ptr<OpenFile> file, std::string storeId, std::size_t ordinal)
      : file_(std::move(file)),
        storeId_(std::make_shared<const std::string>(std::move(storeId))),
        ordinal_(ordinal) {}

  asio::awaitable<void> read(std::span<const std::string> keys, Sink& sink) override;
  asio::awaitable<void> readOne(const std::string& key, Sink& sink) override;
  asio::awaitable<void> write(std::span<backing::Entry> entries) override;
  asio::awaitable<void> remove(const std::string& key) override;
  asio::awaitable<void> removeMany(std::span<const std::string> keys) override;
  asio::awaitable<void> exchange(Exchange& exchange) override;
  asio::awaitable<void> find(const std::string& key, Sink& sink,
                             std::optional<std::chrono::milliseconds>& timeToLive) override;
  asio::awaitable<void> keys(const KeyQuery& query, KeyPage& page) override;
  asio::awaitable<void> clear() override;

 private:
  asio::awaitable<void> readPrefetched(std::span<const std::string> keys, Sink& sink);
  asio::awaitable<void> readLater(std::span<const std::string> keys, Sink& sink);
  void readNow(const ReadPool::Lease& lease, std::span<const std::string> keys, Sink& sink);
  /// Calls `visit` with the slot and the record of each key that lives.
  template <class Visit>
  void visitNow(const ReadPool::Lease& lease, std::span<const std::string> keys, Visit visit);
  [[nodiscard]] Put putOf(const std::string& key, Unknown value,
                          std::optional<std::chrono::milliseconds> timeToLive,
                          std::chrono::system_clock::time_point now) const;
  asio::awaitable<void> submit(Change change);

  std::shared_ptr<OpenFile> file_;
  std::shared_ptr<const std::string> storeId_;
  std::size_t ordinal_;
};

}  // namespace persistance::backing::lmdb
