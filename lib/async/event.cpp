#include "async/event.hpp"

#include <mutex>
#include <utility>

namespace persistance::async {

/// A suspended coroutine, its type erased.
class Waiter {
 public:
  virtual ~Waiter() = default;
  /// Posts the coroutine's resumption to its executor; the waiter is empty afterwards.
  virtual void post(std::error_code error) = 0;
};

/// The events of one execution context on which a coroutine waits. It outlives the context, so that
/// an event may be set after the context is gone; stop() is the moment after which nothing is
/// posted.
class WaitRegistry {
 public:
  void set(Event& event) noexcept {
    const std::lock_guard lock(mutex_);
    if (std::exchange(event.set_, true)) return;
    if (event.waiter_) take(event)->post({});
  }

  void cancel(Event& event) {
    const std::lock_guard lock(mutex_);
    if (event.waiter_) take(event)->post(asio::error::operation_aborted);
  }

  void wait(Event& event, std::unique_ptr<Waiter> waiter) {
    const std::lock_guard lock(mutex_);
    if (event.set_) return waiter->post({});
    event.waiter_ = std::move(waiter);
    event.previous_ = nullptr;
    event.next_ = first_;
    if (first_ != nullptr) first_->previous_ = &event;
    first_ = &event;
  }

  /// Destroys every waiting coroutine. Destroying one may destroy others and their events, so each
  /// is taken out before it is destroyed, and destroyed outside the lock.
  void stop() noexcept {
    for (;;) {
      std::unique_ptr<Waiter> waiter;
      {
        const std::lock_guard lock(mutex_);
        if (first_ == nullptr) return;
        waiter = take(*first_);
      }
    }
  }

 private:
  std::unique_ptr<Waiter> take(Event& event) noexcept {
    (event.previous_ != nullptr ? event.previous_->next_ : first_) = event.next_;
    if (event.next_ != nullptr) event.next_->previous_ = event.previous_;
    return std::move(event.waiter_);
  }

  // Also held while a resumption is posted: the context stops this registry before its scheduler,
  // so a post under the lock always finds a living scheduler.
  std::mutex mutex_;
  Event* first_ = nullptr;
};

namespace {

/// Ties a registry to the life of an execution context.
class WaitService : public asio::execution_context::service {
 public:
  using key_type = WaitService;
  inline static asio::execution_context::id id;

  explicit WaitService(asio::execution_context& context)
      : asio::execution_context::service(context) {}

  std::shared_ptr<WaitRegistry> registry = std::make_shared<WaitRegistry>();

 private:
  void shutdown() noexcept override { registry->stop(); }
};

template <class Handler>
class WaiterFor final : public Waiter {
 public:
  explicit WaiterFor(Handler handler)
      : handler_(std::move(handler)), work_(asio::get_associated_executor(handler_)) {}

  void post(std::error_code error) override {
    auto executor = work_.get_executor();
    asio::post(executor, [work = std::move(work_), handler = std::move(handler_), error]() mutable {
      std::move(handler)(error);
    });
  }

 private:
  Handler handler_;
  asio::executor_work_guard<asio::any_io_executor>
      work_;  // a waiting coroutine is outstanding work
};

}  // namespace

Event::Event(const asio::any_io_executor& executor)
    : registry_(asio::use_service<WaitService>(asio::query(executor, asio::execution::context))
                    .registry) {}

Event::~Event() = default;

void Event::set() noexcept { registry_->set(*this); }

// A plain function: the initiation's lambda must not stand in a co_await expression (g++ 12).
asio::awaitable<void> Event::wait(std::shared_ptr<Event> event) {
  auto initiation = [](auto handler, const std::shared_ptr<Event>& awaited) {
    auto slot = asio::get_associated_cancellation_slot(handler);
    if (slot.is_connected()) {
      slot.assign([weak = std::weak_ptr<Event>(awaited)](asio::cancellation_type type) {
        if ((type & asio::cancellation_type::terminal) == asio::cancellation_type::none) return;
        if (const auto cancelled = weak.lock()) cancelled->registry_->cancel(*cancelled);
      });
    }
    awaited->registry_->wait(*awaited,
                             std::make_unique<WaiterFor<decltype(handler)>>(std::move(handler)));
  };
  return asio::async_initiate<const asio::use_awaitable_t<>&, void(std::error_code)>(
      initiation, asio::use_awaitable, std::move(event));
}

}  // namespace persistance::async
