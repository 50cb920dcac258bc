#include "async/event.hpp"

#include <atomic>
#include <mutex>
#include <utility>

#include "async/of_context.hpp"
#include "async/turns.hpp"

namespace persistance::async {

/// The events of one execution context on which a coroutine waits. It outlives the context, so that
/// an event may be set after the context is gone; stop() is the moment after which nothing is
/// posted.
class WaitRegistry {
 public:
  void set(Event& event) noexcept {
    const std::lock_guard lock(mutex_);
    if (std::exchange(event.set_, true)) return;
    if (event.waiter_) post(take(event), {});
  }

  void setAll(std::span<Event* const> events) noexcept {
    const std::lock_guard lock(mutex_);
    std::shared_ptr<Turns> turns;
    for (std::size_t i = 0; i < events.size(); ++i) {
      Event& event = *events[i];
      if (std::exchange(event.set_, true) || !event.waiter_) continue;
      Event::Waiter waiter = take(event);
      asio::any_io_executor executor = waiter.get_executor();
      if (!turns || turns->executor() != executor) {
        if (turns) turns->post();
        turns = std::make_shared<Turns>(std::move(executor), events.size() - i);
      }
      turns->add(std::move(waiter));
    }
    if (turns) turns->post();
  }

  void cancel(Event& event) {
    const std::lock_guard lock(mutex_);
    if (event.waiter_) post(take(event), asio::error::operation_aborted);
  }

  void wait(Event& event, Event::Waiter waiter) {
    const std::lock_guard lock(mutex_);
    if (event.set_) return post(std::move(waiter), {});
    event.waiter_.emplace(std::move(waiter));
    event.previous_ = nullptr;
    event.next_ = first_;
    if (first_ != nullptr) first_->previous_ = &event;
    first_ = &event;
  }

  /// Destroys every waiting coroutine. Destroying one may destroy others and their events, so each
  /// is taken out before it is destroyed, and destroyed outside the lock.
  void stop() noexcept {
    stopped_ = true;
    for (;;) {
      std::optional<Event::Waiter> waiter;
      {
        const std::lock_guard lock(mutex_);
        if (first_ == nullptr) return;
        waiter.emplace(take(*first_));
      }
    }
  }

  /// False: the context is there.
  [[nodiscard]] bool stopped() const noexcept { return stopped_; }

 private:
  Event::Waiter take(Event& event) noexcept {
    (event.previous_ != nullptr ? event.previous_->next_ : first_) = event.next_;
    if (event.next_ != nullptr) event.next_->previous_ = event.previous_;
    Event::Waiter waiter = std::move(*event.waiter_);
    event.waiter_.reset();
    return waiter;
  }

  static void post(Event::Waiter waiter, std::error_code error) {
    const asio::any_io_executor executor = waiter.get_executor();
    asio::post(executor,
               [waiter = std::move(waiter), error]() mutable { std::move(waiter)(error); });
  }

  // Also held while a resumption is posted: the context stops this registry before its scheduler,
  // so a post under the lock always finds a living scheduler.
  std::mutex mutex_;
  std::atomic<bool> stopped_ = false;
  Event* first_ = nullptr;
};

namespace {

/// The last registry that this thread asked for. Another context may come to lie at the same
/// address, but not while the registry is not stopped.
struct LastRegistry {
  asio::execution_context* context = nullptr;
  std::shared_ptr<WaitRegistry> registry;
  ~LastRegistry() { gone = true; }
  inline static thread_local bool gone = false;  // destructors of statics may still come here
};
thread_local LastRegistry last;

std::shared_ptr<WaitRegistry> registryOf(asio::execution_context& context) {
  if (LastRegistry::gone) return OfContext<WaitRegistry>::get(context);
  if (last.context != &context || last.registry->stopped()) {
    last.registry = OfContext<WaitRegistry>::get(context);
    last.context = &context;
  }
  return last.registry;
}

}  // namespace

Event::Event(const asio::any_io_executor& executor) { attach(executor); }

Event::~Event() = default;

void Event::attach(const asio::any_io_executor& executor) {
  registry_ = registryOf(asio::query(executor, asio::execution::context));
}

void Event::set() noexcept { registry_->set(*this); }

void Event::setAll(std::span<Event* const> events) noexcept {
  while (!events.empty()) {
    WaitRegistry& registry = *events.front()->registry_;
    std::size_t count = 1;
    while (count < events.size() && events[count]->registry_.get() == &registry) ++count;
    registry.setAll(events.first(count));
    events = events.subspan(count);
  }
}

// A plain function: the initiation's lambda must not stand in a co_await expression (g++ 12).
asio::awaitable<void> Event::wait(std::shared_ptr<Event> event) {
  auto initiation = [](Waiter waiter, const std::shared_ptr<Event>& awaited) {
    auto slot = asio::get_associated_cancellation_slot(waiter);
    if (slot.is_connected()) {
      slot.assign([weak = std::weak_ptr<Event>(awaited)](asio::cancellation_type type) {
        if ((type & asio::cancellation_type::terminal) == asio::cancellation_type::none) return;
        if (const auto cancelled = weak.lock()) cancelled->registry_->cancel(*cancelled);
      });
    }
    awaited->registry_->wait(*awaited, std::move(waiter));
  };
  return asio::async_initiate<const asio::use_awaitable_t<>&, void(std::error_code)>(
      initiation, asio::use_awaitable, std::move(event));
}

}  // namespace persistance::async
