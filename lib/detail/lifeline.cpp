#include <persistance/detail/lifeline.hpp>

namespace persistance::detail {

std::size_t Lifeline::stripeOfThisThread() noexcept {
  static std::atomic<std::size_t> threads = 0;
  thread_local std::size_t mine = stripeCount;
  if (mine == stripeCount) mine = threads.fetch_add(1, std::memory_order_relaxed) % stripeCount;
  return mine;
}

// Two of a stripe's first operations may come here at once.
void Lifeline::own(Stripe& stripe) const noexcept {
  owners_.fetch_add(1, std::memory_order_relaxed);
  if ((stripe.state.fetch_or(owns, std::memory_order_acq_rel) & owns) != 0)
    owners_.fetch_sub(1, std::memory_order_relaxed);  // never the last: there is a handle
}

void Lifeline::close() const noexcept {
  for (Stripe& stripe : stripes_)
    if (stripe.state.fetch_or(closing, std::memory_order_acq_rel) == owns) disown();
  disown();
}

}  // namespace persistance::detail
