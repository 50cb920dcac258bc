#include <algorithm>
#include <cmath>
#include <persistance/layer/schedule.hpp>

namespace persistance::layer {

Schedule Schedule::immediate() { return Schedule(Duration(0), 1); }
Schedule Schedule::spaced(Duration delay) { return Schedule(delay, 1); }
Schedule Schedule::exponential(Duration first, double factor) { return Schedule(first, factor); }

Schedule Schedule::times(int count) const {
  Schedule plan = *this;
  plan.count_ = count;
  return plan;
}

Schedule Schedule::forever() const {
  Schedule plan = *this;
  plan.count_ = std::nullopt;
  return plan;
}

Schedule Schedule::upTo(Duration longest) const {
  Schedule plan = *this;
  plan.longest_ = longest;
  return plan;
}

Schedule Schedule::jittered() const {
  Schedule plan = *this;
  plan.jittered_ = true;
  return plan;
}

Schedule Schedule::whileError(std::function<bool(const std::exception_ptr&)> again) const {
  Schedule plan = *this;
  plan.again_ = std::move(again);
  return plan;
}

std::optional<Schedule::Duration> Schedule::next(int tries, const std::exception_ptr& error,
                                                 double random) const {
  if (count_ && tries > *count_) return std::nullopt;
  if (again_ && !again_(error)) return std::nullopt;
  // A day is longer than anybody waits, and far from overflow.
  constexpr double day = 24.0 * 60 * 60 * 1000;
  double delay = 0;  // also of the first times infinity
  if (first_.count() > 0)
    delay = static_cast<double>(first_.count()) * std::pow(factor_, tries - 1);
  delay = std::min({delay, static_cast<double>(longest_.count()), day});
  if (jittered_) delay *= 0.5 + random / 2;
  return Duration(static_cast<Duration::rep>(std::max(delay, 0.0)));
}

}  // namespace persistance::layer
