#pragma once
/// @file
/// How long the object behind a handle lives.

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <utility>

namespace persistance::detail {

/// Base of an object that its handles and the operations that run on it keep alive.
///
/// Operations are counted in stripes, one for each of a few threads, since threads that count in one
/// place are no faster together than one alone. A stripe owns a part of the object from its first
/// operation on, and gives it up when the last handle is gone and the last of its operations has ended.
class Lifeline {
  struct Stripe;

 public:
  /// What a running operation holds. An empty one holds nothing.
  class Lease {
   public:
    Lease() noexcept = default;
    Lease(Lease&& other) noexcept
        : line_(std::exchange(other.line_, nullptr)), stripe_(other.stripe_) {}
    Lease& operator=(Lease&&) = delete;
    ~Lease() {
      if (line_ != nullptr) line_->end(*stripe_);
    }

   private:
    friend class Lifeline;
    Lease(const Lifeline& line, Stripe& stripe) noexcept : line_(&line), stripe_(&stripe) {}

    const Lifeline* line_ = nullptr;
    Stripe* stripe_ = nullptr;
  };

  Lifeline() = default;
  Lifeline(const Lifeline&) = delete;
  Lifeline& operator=(const Lifeline&) = delete;

  /// Only while there is a handle.
  [[nodiscard]] Lease lease() const noexcept {
    Stripe& stripe = stripes_[stripeOfThisThread()];
    if ((stripe.state.fetch_add(one, std::memory_order_acq_rel) & owns) == 0) own(stripe);
    return Lease(*this, stripe);
  }

 protected:
  virtual ~Lifeline() = default;

 private:
  template <class T>
  friend class Held;

  // A stripe's state: its operations, counted by fours, and two bits.
  static constexpr std::uint64_t owns = 1;
  static constexpr std::uint64_t closing = 2;  // the last handle is gone
  static constexpr std::uint64_t one = 4;

  struct alignas(64) Stripe {
    std::atomic<std::uint64_t> state = 0;
  };
  static constexpr std::size_t stripeCount = 8;

  [[nodiscard]] static std::size_t stripeOfThisThread() noexcept;

  void addHandle() const noexcept { handles_.fetch_add(1, std::memory_order_relaxed); }
  void dropHandle() const noexcept {
    if (handles_.fetch_sub(1, std::memory_order_acq_rel) == 1) close();
  }
  void end(Stripe& stripe) const noexcept {
    if (stripe.state.fetch_sub(one, std::memory_order_acq_rel) == (one | closing | owns)) disown();
  }
  void own(Stripe& stripe) const noexcept;
  void close() const noexcept;
  void disown() const noexcept {
    if (owners_.fetch_sub(1, std::memory_order_acq_rel) == 1) delete this;
  }

  mutable std::array<Stripe, stripeCount> stripes_;
  mutable std::atomic<std::size_t> handles_ = 1;
  mutable std::atomic<std::size_t> owners_ = 1;  // the handles together, and stripes
};

/// A handle on an object of class T, never null.
template <class T>
class Held {
 public:
  /// Takes over a new object.
  explicit Held(T* made) noexcept : object_(made) {}
  Held(const Held& other) noexcept : object_(other.object_) { object_->addHandle(); }
  template <class U>
  Held(const Held<U>& other) noexcept : object_(other.object_) {
    object_->addHandle();
  }
  Held& operator=(Held other) noexcept {
    std::swap(object_, other.object_);
    return *this;
  }
  ~Held() { object_->dropHandle(); }

  [[nodiscard]] Lifeline::Lease lease() const noexcept { return object_->lease(); }
  T* operator->() const noexcept { return object_; }

 private:
  template <class U>
  friend class Held;

  T* object_;
};

using Lease = Lifeline::Lease;

}  // namespace persistance::detail
