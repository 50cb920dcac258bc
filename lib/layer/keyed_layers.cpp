#include <persistance/layer/detail/keyed_layers.hpp>

#include <utility>

#include <persistance/layer/error.hpp>

#include "async/from_now.hpp"
#include "scope_state.hpp"

namespace persistance::layer::detail {

void KeyedLayer::rest() { idleUntil = async::fromNow(idleTime); }

KeyedLayers::Use KeyedLayers::use(KeyedLayer& layer) {
  const std::lock_guard lock(mutex_);
  if (closed_) throw ClosedError();
  if (layer.ending) return Use::ending;
  if (!layer.current) return Use::retired;
  if (runtimeFailed(*layer.runtime)) return retire(layer) ? Use::ending : Use::retired;
  ++layer.users;
  return Use::granted;
}

bool KeyedLayers::retire(KeyedLayer& layer) {
  if (layer.users == 0) return layer.ending = true;
  layer.current = false;
  forget(layer);
  return false;
}

void KeyedLayers::drop(KeyedLayer& layer) noexcept {
  const std::lock_guard lock(mutex_);
  --layer.users;
}

bool KeyedLayers::letGo(const KeyedPtr& layer, const asio::any_io_executor& executor) {
  const std::lock_guard lock(mutex_);
  if (--layer->users > 0 || layer->ending) return false;
  const bool stays = layer->built && layer->current && !runtimeFailed(*layer->runtime) &&
                     layer->idleTime > KeyedLayer::Duration(0);
  if (!stays) {
    layer->ending = true;
    return true;
  }
  layer->rest();
  if (layer->sleeper.expired()) sleep(layer, executor);
  return false;
}

void KeyedLayers::built(KeyedLayer& layer) {
  const std::lock_guard lock(mutex_);
  layer.built = true;
}

void KeyedLayers::refuse() {
  const std::lock_guard lock(mutex_);
  closed_ = true;
}

void KeyedLayers::checkOpen() {
  const std::lock_guard lock(mutex_);
  if (closed_) throw ClosedError();
}

void KeyedLayers::add(KeyedPtr layer) {
  if (closed_) throw ClosedError();
  if (all_.size() >= limit_) throw LayerMapFull(limit_);
  all_.insert(std::move(layer));
}

// One timer for each idle layer; where the layer was used meanwhile, it sleeps on for the rest.
void KeyedLayers::sleep(const KeyedPtr& layer, const asio::any_io_executor& executor) {
  const auto timer = std::make_shared<asio::steady_timer>(executor, layer->idleUntil);
  layer->sleeper = timer;
  timer->async_wait([map = weak_from_this(), layer, executor, timer](const std::error_code& error) {
    const Self self = map.lock();
    if (self && !error) self->awake(layer, executor);
  });
}

void KeyedLayers::awake(const KeyedPtr& layer, const asio::any_io_executor& executor) {
  {
    const std::lock_guard lock(mutex_);
    layer->sleeper.reset();
    if (layer->users > 0 || layer->ending || !layer->current) return;
    if (KeyedLayer::Clock::now() < layer->idleUntil) return sleep(layer, executor);
    layer->ending = true;
  }
  // Nobody is left to take its error: it goes out of the executor, as the error of any handler.
  asio::co_spawn(executor, end(shared_from_this(), layer), [](const std::exception_ptr& error) {
    if (error) std::rethrow_exception(error);
  });
}

void KeyedLayers::remove(const KeyedPtr& layer) {
  const std::lock_guard lock(mutex_);
  if (const auto timer = layer->sleeper.lock()) timer->cancel();
  if (all_.erase(layer) > 0) forget(*layer);
}

asio::awaitable<void> KeyedLayers::end(Self self, KeyedPtr layer) {
  std::exception_ptr error;
  try {
    co_await runtimeDispose(layer->runtime, std::nullopt);
  } catch (...) {
    error = std::current_exception();
  }
  self->remove(layer);
  if (error) std::rethrow_exception(error);
}

asio::awaitable<void> KeyedLayers::waitForEnd(Self self, KeyedPtr layer) {
  try {
    co_await end(std::move(self), std::move(layer));
  } catch (const CloseError&) {
    // Told to the one who releases it.
  }
}

asio::awaitable<void> KeyedLayers::close(Self self) {
  const Scope all;
  all.state()->parallel = true;
  {
    const std::lock_guard lock(self->mutex_);
    self->closed_ = true;
    for (const KeyedPtr& layer : self->all_) {
      layer->ending = true;
      if (const auto timer = layer->sleeper.lock()) timer->cancel();
      all.addFinalizer([self, layer] { return end(self, layer); });
    }
  }
  co_await all.close();
}

asio::awaitable<Services> Lease::services() const {
  Services services = co_await runtimeServices(layer_->runtime);
  layers_->built(*layer_);
  co_return services;
}

asio::awaitable<void> Lease::run(Lease lease, const Function& body) {
  std::exception_ptr error;
  try {
    (void)co_await lease.services();
    co_await runtimeRun(lease.layer_->runtime, body);
  } catch (...) {
    error = std::current_exception();
  }
  co_await finish(std::move(lease), error);
}

asio::awaitable<void> Lease::visit(Lease lease) {
  std::exception_ptr error;
  try {
    (void)co_await lease.services();
  } catch (...) {
    error = std::current_exception();
  }
  co_await finish(std::move(lease), error);
}

asio::awaitable<Services> Lease::give(Lease lease, Scope scope) {
  Services services;
  std::exception_ptr error;
  try {
    services = co_await lease.services();
  } catch (...) {
    error = std::current_exception();
  }
  if (error) {
    co_await finish(std::move(lease), error);
  }
  const auto held = std::make_shared<Lease>(std::move(lease));
  auto release = [held] { return letGo(std::move(*held)); };
  scope.addFinalizer(std::move(release));
  co_return services;
}

asio::awaitable<void> Lease::letGo(Lease lease) {
  const KeyedLayers::Self layers = std::move(lease.layers_);
  const KeyedPtr layer = std::move(lease.layer_);
  const asio::any_io_executor executor = co_await asio::this_coro::executor;
  if (layers->letGo(layer, executor)) co_await KeyedLayers::end(layers, layer);
}

AwaitedEnd Lease::finish(Lease lease, std::exception_ptr error) {
  return AwaitedEnd(finishing(std::move(lease), std::move(error)));
}

// The first error is the one that is told.
asio::awaitable<void> Lease::finishing(Lease lease, std::exception_ptr error) {
  try {
    co_await letGo(std::move(lease));
  } catch (...) {
    if (!error) throw;
  }
  if (error) std::rethrow_exception(error);
}

}  // namespace persistance::layer::detail
