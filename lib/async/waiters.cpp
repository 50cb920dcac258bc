#include "async/waiters.hpp"

namespace persistance::async {

asio::awaitable<void> waitUntil(std::shared_ptr<Event> event, Clock::time_point deadline) {
  if (deadline == Clock::time_point::max()) {
    co_await Event::wait(std::move(event));
    co_return;
  }
  asio::steady_timer timer(co_await asio::this_coro::executor, deadline);
  timer.async_wait([event](std::error_code) { event->set(); });
  co_await Event::wait(std::move(event));
}

class Waiters::List {
 public:
  void add(Place& place) {
    const std::lock_guard lock(mutex_);
    place.linked_ = true;
    place.previous_ = last_;
    (last_ != nullptr ? last_->next_ : first_) = &place;
    last_ = &place;
    waited_.store(true, std::memory_order_relaxed);
  }

  void remove(Place& place) noexcept {
    const std::lock_guard lock(mutex_);
    if (!place.linked_) return;
    (place.previous_ != nullptr ? place.previous_->next_ : first_) = place.next_;
    (place.next_ != nullptr ? place.next_->previous_ : last_) = place.previous_;
    waited_.store(first_ != nullptr, std::memory_order_relaxed);
  }

  void wakeAll() noexcept {
    // Whoever looked in vain before the change had joined before: the mutex of the look orders it.
    if (!waited_.load(std::memory_order_relaxed)) return;
    const std::lock_guard lock(mutex_);
    for (Place* place = first_; place != nullptr; place = place->next_) {
      place->linked_ = false;
      place->event_->set();
    }
    first_ = last_ = nullptr;
    waited_.store(false, std::memory_order_relaxed);
  }

 private:
  std::mutex mutex_;  // guards all below but for reads of waited_; an event is set under it
  Place* first_ = nullptr;
  Place* last_ = nullptr;
  std::atomic<bool> waited_ = false;  // first_ is not null
};

Waiters::Place::Place(std::shared_ptr<List> list, const asio::any_io_executor& executor)
    : list_(std::move(list)), event_(std::make_shared<Event>(executor)) {
  list_->add(*this);
}

Waiters::Place::~Place() { list_->remove(*this); }

asio::awaitable<void> Waiters::Place::wait(Clock::time_point deadline) const {
  return waitUntil(event_, deadline);
}

Waiters::Waiters() : list_(std::make_shared<List>()) {}
Waiters::~Waiters() = default;

void Waiters::wakeAll() const noexcept { list_->wakeAll(); }

}  // namespace persistance::async
