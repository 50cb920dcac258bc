#pragma once
/// @file
/// The executor that a coroutine of the user's sees: the user's own, and a gate before it.

#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <utility>
#include <vector>

#include <persistance/asio.hpp>

namespace persistance::layer::detail {

/// Lets handlers through side by side, as the executor behind it does, and keeps all of them out
/// while a cancellation is emitted: Asio's cancellation must not meet its coroutine on another
/// thread, and the user's executor may have many.
/// @par Threads  Any number of threads at once. Nobody ever waits in here.
class Gate : public std::enable_shared_from_this<Gate> {
 public:
  /// A handler that waits outside.
  class Held {
   public:
    Held() = default;
    Held(const Held&) = delete;
    Held& operator=(const Held&) = delete;
    virtual ~Held() = default;
    virtual void again() = 0;  // goes to the executor once more
  };

  /// True: the handler may run, and leave() follows. False: it has been taken and runs later.
  template <class Take>
  [[nodiscard]] bool enter(Take take) {
    const std::lock_guard lock(mutex_);
    if (closed_ || !alone_.empty()) {
      held_.push_back(take());
      return false;
    }
    ++inside_;
    return true;
  }
  void leave();

  /// Calls `f` while no handler runs: in here, or when the last of them has left.
  void alone(std::function<void()> f);

 private:
  void runAlone(std::unique_lock<std::mutex> lock);

  std::mutex mutex_;
  // Guarded by `mutex_`.
  std::size_t inside_ = 0;
  bool closed_ = false;  // something of `alone_` runs
  std::vector<std::function<void()>> alone_;
  std::vector<std::unique_ptr<Held>> held_;
};

/// An executor behind a gate. It differs from the executor in nothing that a handler can see.
class GatedExecutor {
 public:
  GatedExecutor(std::shared_ptr<Gate> gate, asio::any_io_executor inner)
      : gate_(std::move(gate)), inner_(std::move(inner)) {}

  template <class Property>
    requires(asio::can_require_v<const asio::any_io_executor&, Property>)
  GatedExecutor require(const Property& property) const {
    return GatedExecutor(gate_, asio::require(inner_, property));
  }
  template <class Property>
    requires(asio::can_prefer_v<const asio::any_io_executor&, Property>)
  GatedExecutor prefer(const Property& property) const {
    return GatedExecutor(gate_, asio::prefer(inner_, property));
  }
  template <class Property>
    requires(asio::can_query_v<const asio::any_io_executor&, Property>)
  decltype(auto) query(const Property& property) const {
    return asio::query(inner_, property);
  }

  template <class F>
  void execute(F&& f) const {
    asio::execution::execute(inner_, Handler<std::decay_t<F>>(gate_, inner_, std::forward<F>(f)));
  }

  friend bool operator==(const GatedExecutor& a, const GatedExecutor& b) noexcept {
    return a.gate_ == b.gate_ && a.inner_ == b.inner_;
  }
  friend bool operator!=(const GatedExecutor& a, const GatedExecutor& b) noexcept {
    return !(a == b);
  }

 private:
  template <class F>
  class Handler {
   public:
    Handler(std::shared_ptr<Gate> gate, const asio::any_io_executor& inner, F f)
        : gate_(std::move(gate)), inner_(inner), f_(std::move(f)) {}

    void operator()() {
      const std::shared_ptr<Gate> gate = gate_;
      if (!gate->enter([this] { return std::make_unique<Outside>(std::move(*this)); })) return;
      const Leave leave(*gate);
      std::move(f_)();
    }

   private:
    struct Leave {
      explicit Leave(Gate& gate_) : gate(gate_) {}
      Leave(const Leave&) = delete;
      Leave& operator=(const Leave&) = delete;
      ~Leave() { gate.leave(); }
      Gate& gate;
    };
    class Outside final : public Gate::Held {
     public:
      explicit Outside(Handler handler) : handler_(std::move(handler)) {}
      void again() override {
        const asio::any_io_executor inner = handler_.inner_;
        asio::post(inner, std::move(handler_));
      }

     private:
      Handler handler_;
    };

    std::shared_ptr<Gate> gate_;
    asio::any_io_executor inner_;
    F f_;
  };

  std::shared_ptr<Gate> gate_;
  asio::any_io_executor inner_;
};

}  // namespace persistance::layer::detail
