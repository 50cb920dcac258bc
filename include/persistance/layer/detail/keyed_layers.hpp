#pragma once
/// @file
/// What LayerMap is without its types: layers with users, each with a runtime of its own.

#include <chrono>
#include <cstddef>
#include <exception>
#include <memory>
#include <mutex>
#include <unordered_set>
#include <utility>

#include <persistance/layer/awaited_end.hpp>
#include <persistance/layer/detail/runtime.hpp>
#include <persistance/layer/scope.hpp>

namespace persistance::layer::detail {

/// The layer of one key: a runtime, and who uses it.
class KeyedLayer {
 public:
  using Clock = std::chrono::steady_clock;
  using Duration = std::chrono::milliseconds;

  KeyedLayer(std::shared_ptr<Runtime> runtime_, Duration idleTime_)
      : runtime(std::move(runtime_)), idleTime(idleTime_) {}
  KeyedLayer(const KeyedLayer&) = delete;
  KeyedLayer& operator=(const KeyedLayer&) = delete;
  virtual ~KeyedLayer() = default;

  const std::shared_ptr<Runtime> runtime;
  const Duration idleTime;
  // The rest is guarded by the mutex of its map.
  std::size_t users = 0;
  bool built = false;
  bool current = true;  // its key's; else it was invalidated, and ends with its last user
  bool ending = false;  // is being released; whoever wants the key waits for that
  Clock::time_point idleUntil;
  std::weak_ptr<asio::steady_timer> sleeper;  // its handler's own: it dies with its io_context

  /// The idle time begins.
  void rest();
};
using KeyedPtr = std::shared_ptr<KeyedLayer>;

/// All layers of a map, whatever their keys.
class KeyedLayers : public std::enable_shared_from_this<KeyedLayers> {
 public:
  using Self = std::shared_ptr<KeyedLayers>;

  explicit KeyedLayers(std::size_t limit) : limit_(limit) {}
  KeyedLayers(const KeyedLayers&) = delete;
  KeyedLayers& operator=(const KeyedLayers&) = delete;
  virtual ~KeyedLayers() = default;

  enum class Use {
    granted,
    ending,  // it is being released
    retired  // a task of it has failed, and its last user releases it
  };
  /// One user more, where that is granted.
  /// @par Errors  ClosedError.
  [[nodiscard]] Use use(KeyedLayer& layer);
  /// One user less, who cannot await: nothing is released.
  void drop(KeyedLayer& layer) noexcept;
  /// One user less; where it is the last, the idle time begins on `executor`.
  /// @return  Whether end() has to be awaited.
  [[nodiscard]] bool letGo(const KeyedPtr& layer, const asio::any_io_executor& executor);
  void built(KeyedLayer& layer);
  /// Further users are refused.
  void refuse();
  /// @par Errors  ClosedError.
  void checkOpen();

  /// Releases a layer and forgets it; where that is on its way, waits.
  [[nodiscard]] static asio::awaitable<void> end(Self self, KeyedPtr layer);
  /// The same, for one whom its errors do not concern.
  [[nodiscard]] static asio::awaitable<void> waitForEnd(Self self, KeyedPtr layer);
  /// Releases all layers side by side; further ones are refused.
  [[nodiscard]] static asio::awaitable<void> close(Self self);

 protected:
  // Under the mutex:
  /// @par Errors  ClosedError, LayerMapFull.
  void add(KeyedPtr layer);
  /// Nobody uses it any more. True: it has no users, and end() has to be awaited; who comes
  /// meanwhile waits for that. Else its last user ends it, and its key is free.
  bool retire(KeyedLayer& layer);
  virtual void forget(const KeyedLayer& layer) = 0;

  std::mutex mutex_;

 private:
  void sleep(const KeyedPtr& layer, const asio::any_io_executor& executor);
  void awake(const KeyedPtr& layer, const asio::any_io_executor& executor);
  void remove(const KeyedPtr& layer);

  const std::size_t limit_;
  // Guarded by the mutex.
  std::unordered_set<KeyedPtr> all_;  // those that are no longer current too
  bool closed_ = false;
};

/// One user of a layer.
class Lease {
 public:
  Lease(KeyedLayers::Self layers, KeyedPtr layer)
      : layers_(std::move(layers)), layer_(std::move(layer)) {}
  Lease(Lease&&) noexcept = default;
  Lease& operator=(Lease&&) noexcept = delete;
  ~Lease() {
    if (layer_) layers_->drop(*layer_);
  }

  /// Builds, runs a body with the services, and lets go. `body` outlives the awaitable.
  [[nodiscard]] static asio::awaitable<void> run(Lease lease, const Function& body);
  /// Builds, gives the services, and lets go when `scope` closes.
  [[nodiscard]] static asio::awaitable<Services> give(Lease lease, Scope scope);
  /// Builds, and lets go.
  [[nodiscard]] static asio::awaitable<void> visit(Lease lease);

 private:
  [[nodiscard]] asio::awaitable<Services> services() const;
  [[nodiscard]] static asio::awaitable<void> letGo(Lease lease);
  /// Lets go, whatever cancellation came, and throws `error`.
  [[nodiscard]] static AwaitedEnd finish(Lease lease, std::exception_ptr error);
  [[nodiscard]] static asio::awaitable<void> finishing(Lease lease, std::exception_ptr error);

  KeyedLayers::Self layers_;
  KeyedPtr layer_;
};

}  // namespace persistance::layer::detail
