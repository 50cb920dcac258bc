#include <persistance/layer/build.hpp>
#include <persistance/layer/error.hpp>
#include <system_error>

#include <async/event.hpp>

#include "entry.hpp"

namespace persistance::layer {
namespace detail {
namespace {

// The one that asks for the layer on behalf of a coroutine.
class Root final : public Asker {
 public:
  Root(std::shared_ptr<Engine> engine, Ref ref, TablePtr table)
      : Asker(std::move(engine)),
        there(std::make_shared<async::Event>(engine_->base())),
        released(std::make_shared<async::Event>(engine_->base())),
        ref_(std::move(ref)),
        table_(std::move(table)) {}

  const std::shared_ptr<async::Event> there;
  const std::shared_ptr<async::Event> released;  // the same, for a second wait
  Answer answer;

  void start() {
    engine_->dispatch([self = self()] { self->ask(); });
  }

  void cancel() {
    engine_->dispatch([self = self()] {
      self->cancelled_ = true;
      if (const EntryPtr entry = self->entry_.lock()) withdraw(entry, *self, 0);
    });
  }

  void step() override {}

  void answered(std::size_t, Answer given) override {
    if (given.kind == Answer::Kind::again) {
      if (!cancelled_) return ask();
      given = Answer::failure(
          std::make_exception_ptr(std::system_error(asio::error::operation_aborted)));
    }
    answer = std::move(given);
    there->set();
    released->set();
  }

 private:
  std::shared_ptr<Root> self() { return std::static_pointer_cast<Root>(shared_from_this()); }

  void ask() {
    std::vector<JobPtr> started;
    entry_ = request(self(), 0, ref_.node, Services(), table_, true, started);
    engine_->push(std::move(started));
  }

  const Ref ref_;
  const TablePtr table_;
  std::weak_ptr<Entry> entry_;
  bool cancelled_ = false;
};

asio::awaitable<void> letGo(EntryPtr entry, Exit exit) {
  const Scope own;
  (void)own.state()->add(std::move(entry));
  co_await own.close(std::move(exit));
}

}  // namespace

asio::awaitable<Services> buildServices(Ref ref, Scope scope, MemoMap map) {
  const asio::any_io_executor executor = co_await asio::this_coro::executor;
  const auto engine = std::make_shared<Engine>(executor);
  const auto root = std::make_shared<Root>(engine, ref, map.table());
  root->start();
  std::exception_ptr cancelled;
  try {
    co_await async::Event::wait(root->there);
  } catch (const std::system_error&) {
    cancelled = std::current_exception();
  }
  if (cancelled) {
    co_await asio::this_coro::reset_cancellation_state(asio::disable_cancellation());
    root->cancel();
    co_await async::Event::wait(root->released);
    co_await asio::this_coro::reset_cancellation_state();
  }
  Answer answer = std::move(root->answer);
  if (answer.kind == Answer::Kind::failure) std::rethrow_exception(answer.error);
  if (!cancelled && answer.entry && scope.state()->add(answer.entry)) {
    cancelled =
        std::make_exception_ptr(std::logic_error("persistance::layer::build: the scope is closed"));
  }
  if (cancelled) {
    if (answer.entry) {
      const Exit exit(cancelled);
      co_await letGo(std::move(answer.entry), exit);
    }
    std::rethrow_exception(cancelled);
  }
  co_return answer.services.only(ref.gives);
}

asio::awaitable<void> runBody(Ref ref, const Function& body) {
  const Scope scope;
  Services services = co_await buildServices(std::move(ref), scope, MemoMap());
  std::exception_ptr error;
  {
    const Call call(std::move(services), scope);
    Given given;
    try {
      asio::awaitable<void> work = body.call(call, given);
      if (work.valid()) co_await std::move(work);
    } catch (...) {
      error = std::current_exception();
    }
  }
  const Exit exit(error);
  // A coroutine that was cancelled cannot await anything before this: not even the release.
  co_await asio::this_coro::reset_cancellation_state(asio::disable_cancellation());
  co_await scope.close(exit);
  if (error) std::rethrow_exception(error);
}

namespace {

class Forever final : public Function {
 public:
  asio::awaitable<void> call(const Call&, Given&) const override {
    const asio::any_io_executor executor = co_await asio::this_coro::executor;
    co_await async::Event::wait(std::make_shared<async::Event>(executor));
  }
};

}  // namespace

asio::awaitable<void> launchServices(Ref ref) {
  const Forever body;
  co_await runBody(std::move(ref), body);
}

}  // namespace detail

MemoMap::MemoMap() : table_(std::make_shared<detail::Table>()) {}

MemoMap MemoMap::fork() const { return MemoMap(std::make_shared<detail::Table>(table_)); }

}  // namespace persistance::layer
