#include "backing/lmdb/database.hpp"

namespace persistance::backing::lmdb {

Database::Database(LmdbOptions options, const Internals& internals) {
  const SignalsBlocked blocked;
  engine_ = std::make_shared<Engine>(std::move(options), internals);
  const std::size_t readThreads = engine_->options.readThreads;
  threads_.reserve(2 + readThreads);
  threads_.emplace_back([engine = engine_] { engine->write(); });
  threads_.emplace_back([engine = engine_] { engine->watch(); });
  for (std::size_t i = 0; i < readThreads; ++i)
    threads_.emplace_back([engine = engine_] { engine->warmer.run(); });
}

asio::awaitable<std::unique_ptr<Database>> Database::open(LmdbOptions options) {
  struct Opening {
    std::unique_ptr<Database> database;
    std::exception_ptr error;
  };
  const auto opening = std::make_shared<Opening>();
  const auto opened = std::make_shared<async::Event>(co_await asio::this_coro::executor);
  auto body = [opening, opened, options = std::move(options)]() mutable {
    try {
      opening->database = std::make_unique<Database>(std::move(options));
    } catch (...) {
      opening->error = std::current_exception();
    }
    opened->set();
  };
  const std::jthread thread(std::move(body));  // joined, whatever becomes of this coroutine
  co_await async::Event::wait(opened);
  if (opening->error) std::rethrow_exception(opening->error);
  co_return std::move(opening->database);
}

Database::~Database() {
  if (engine_->inForkedChild()) {
    // The threads are the parent's: here they can be neither joined nor let go of.
    (void)new std::vector<std::thread>(std::move(threads_));
    (void)new std::shared_ptr<Engine>(std::move(engine_));
    return;
  }
  engine_->stop();
  if (engine_->waitForEnd())
    for (std::thread& thread : threads_) thread.join();
  else
    for (std::thread& thread : threads_) thread.detach();
}

std::shared_ptr<Store> Database::store(const std::string& storeId) {
  const std::lock_guard lock(mutex_);
  auto& store = stores_[storeId];
  if (!store) store = std::make_shared<LmdbStore>(engine_, storeId, stores_.size());
  return store;
}

asio::awaitable<void> Database::close() {
  engine_->refuseAfterFork();
  return engine_->close();
}

}  // namespace persistance::backing::lmdb
