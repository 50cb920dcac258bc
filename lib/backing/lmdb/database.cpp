#include "backing/lmdb/database.hpp"

#include "async/signals_blocked.hpp"

namespace persistance::backing::lmdb {

namespace {

constexpr const char* noThread = "starting a thread: ";

template <class Body>
std::jthread startThread(Body body) try {
  return std::jthread(std::move(body));
} catch (const std::system_error& error) {
  throw Failure(BackingErrc::unavailable, std::string(noThread) + error.what());
}

}  // namespace

Database::Database(LmdbOptions options, const Internals& internals) {
  const async::SignalsBlocked blocked;
  file_ = std::make_shared<OpenFile>(std::move(options), internals);
  try {
    startThreads();
  } catch (const std::exception& error) {
    file_->stop();
    for (std::thread& thread : threads_) thread.join();  // the first of them ends all others
    throw Failure(BackingErrc::unavailable, std::string(noThread) + error.what());
  }
}

void Database::startThreads() {
  const std::size_t readThreads = file_->options.readThreads;
  threads_.reserve(2 + readThreads);
  threads_.emplace_back([file = file_] { file->write(); });
  threads_.emplace_back([file = file_] { file->watchDeadlines(); });
  for (std::size_t i = 0; i < readThreads; ++i)
    threads_.emplace_back([file = file_] { file->prefetcher.run(); });
}

asio::awaitable<std::shared_ptr<Database>> Database::open(LmdbOptions options) {
  struct Opening {
    std::shared_ptr<Database> database;
    std::exception_ptr error;
  };
  const auto opening = std::make_shared<Opening>();
  const auto opened = std::make_shared<async::Event>(co_await asio::this_coro::executor);
  auto body = [opening, opened, options = std::move(options)]() mutable {
    try {
      opening->database = std::make_shared<Database>(std::move(options));
    } catch (...) {
      opening->error = std::current_exception();
    }
    opened->set();
  };
  const std::jthread thread = startThread(std::move(body));  // joined in any case
  co_await async::Event::wait(opened);
  if (opening->error) std::rethrow_exception(opening->error);
  co_return std::move(opening->database);
}

Database::~Database() {
  if (file_->inForkedChild()) {
    // The threads are the parent's: here they can be neither joined nor let go of.
    (void)new std::vector<std::thread>(std::move(threads_));
    (void)new std::shared_ptr<OpenFile>(std::move(file_));
    return;
  }
  file_->stop();
  if (file_->waitForEnd())
    for (std::thread& thread : threads_) thread.join();
  else
    for (std::thread& thread : threads_) thread.detach();
}

std::shared_ptr<Store> Database::store(const std::string& storeId) {
  return stores_.open(storeId, [&](std::size_t ordinal) {
    return std::make_shared<LmdbStore>(file_, storeId, ordinal);
  });
}

asio::awaitable<void> Database::close() {
  file_->refuseAfterFork();
  return file_->close();
}

}  // namespace persistance::backing::lmdb
