#pragma once
/// @file
/// A scope from the inside, and what closes it.

#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string_view>
#include <variant>
#include <vector>

#include <persistance/layer/scope.hpp>

#include "failure.hpp"
#include "worker.hpp"

namespace persistance::async {
class Event;
}

namespace persistance::layer::detail {

class Instance;

/// One thing to do at the end of a scope: call a user's function, or let go of a built layer.
using Ending = std::variant<std::unique_ptr<Finalizer>, std::shared_ptr<Instance>>;

struct ScopeState {
  enum class Phase { open, closing, closed };

  std::mutex mutex;
  // The rest is guarded by `mutex`.
  Phase phase = Phase::open;
  bool parallel = false;  // the endings of siblings run together
  std::vector<Ending> endings;
  Exit exit;
  asio::any_io_executor closedOn;
  std::vector<std::shared_ptr<async::Event>> waiting;  // further calls of close()

  /// Adds an ending, unless the scope is closed: then gives it back.
  [[nodiscard]] std::optional<Ending> add(Ending ending);
};

/// Runs the endings of a scope, and tells who asked.
class Closer final : public Job {
 public:
  /// Called on the worker's strand, once.
  using Closed = std::function<void(CloseFailures)>;

  /// `layer` is the name of the layer that the scope belongs to, or empty.
  Closer(std::shared_ptr<Worker> worker, std::shared_ptr<ScopeState> scope, std::string_view layer,
         Exit exit, Closed closed);

  void step() override;

 private:
  struct Call;

  [[nodiscard]] bool take();
  void begin(Ending ending, std::vector<JobPtr>& started);
  void beginFinalizer(std::unique_ptr<Finalizer> finalizer);
  void beginRelease(const std::shared_ptr<Instance>& instance, std::vector<JobPtr>& started);
  void failed(std::exception_ptr error);
  void ended();

  const std::shared_ptr<Worker> worker_;
  const std::shared_ptr<ScopeState> scope_;
  const std::string_view layer_;
  const Exit exit_;
  Closed closed_;
  bool parallel_ = false;
  std::vector<Ending> endings_;
  std::size_t pending_ = 0;
  CloseFailures failures_;
};

}  // namespace persistance::layer::detail
