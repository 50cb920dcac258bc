#include "backing/redis/connection.hpp"

#include <algorithm>

#include <persistance/backing/store.hpp>

#include "backing/redis/command.hpp"
#include "backing/redis/handshake.hpp"
#include "backing/redis/link.hpp"

namespace persistance::redis {
namespace {

constexpr std::size_t batchBytes = std::size_t{1} << 20;
constexpr std::size_t largeRequest = 16384;

}  // namespace

void Link::gather() {
  small.clear();
  buffers.clear();
  std::size_t total = 0;
  for (const RequestPtr& request : batch) {
    if (request->wire.size() < largeRequest) total += request->wire.size();
  }
  small.reserve(total);  // so that the buffers into it stay valid
  std::size_t begin = 0;
  const auto cut = [&] {
    if (small.size() > begin)
      buffers.push_back(asio::buffer(small.data() + begin, small.size() - begin));
    begin = small.size();
  };
  for (const RequestPtr& request : batch) {
    if (request->wire.size() < largeRequest) {
      small += request->wire;
    } else {
      cut();
      buffers.push_back(asio::buffer(request->wire));
    }
  }
  cut();
}

/// What only the coroutines and their handlers hold, so that it goes with the execution context.
struct Connection::Io {
  Io(const asio::any_io_executor& strand_, Backoff backoff_)
      : strand(strand_), timer(strand_), rest(strand_), patience(strand_), backoff(backoff_) {}

  asio::any_io_executor strand;
  asio::steady_timer timer;     // deadlines and health
  asio::steady_timer rest;      // between two attempts
  asio::steady_timer patience;  // of one attempt
  Backoff backoff;
  LinkPtr link;
};

Connection::Connection(std::shared_ptr<const Settings> settings, Address address,
                       std::uint64_t seed)
    : settings_(std::move(settings)),
      address_(std::move(address)),
      seed_(seed),
      queue_({settings_->options.queueLimit, settings_->options.queueBytes}),
      breaker_(settings_->options.breakerThreshold) {}

void Connection::start(const asio::any_io_executor& executor, const std::shared_ptr<void>& alive) {
  const asio::any_io_executor strand = asio::make_strand(executor);
  const RedisOptions& options = settings_->options;
  auto io =
      std::make_shared<Io>(strand, Backoff(options.reconnectFirst, options.reconnectLast, seed_));
  asio::co_spawn(strand, pump(shared_from_this(), io, alive), asio::detached);
  asio::co_spawn(strand, run(shared_from_this(), io, alive), asio::detached);
}

void Connection::submit(const RequestPtr& request) {
  std::unique_lock lock(mutex_);
  std::optional<Refusal> refusal;
  bool probe = false;
  if (stopping_) {
    refusal = Refusal(BackingErrc::closed, false, "closed");
  } else if (!up_) {
    const Breaker::Answer answer = breaker_.admit(Clock::now());
    probe = answer == Breaker::Answer::probe;
    if (answer == Breaker::Answer::refuse) refusal = lastFailure_;
  }
  if (!refusal && !queue_.offer(request)) {
    refusal =
        Refusal(BackingErrc::overloaded, false, "too many operations wait for " + address_.name());
  }
  if (refusal) {
    lock.unlock();
    return request->finish(std::move(*refusal));
  }
  if (!std::exchange(used_, true) || probe) hurry_ = true;
  if (request->deadline < armed_) alarm_ = true;
  const bool write = up_ && !writing_;
  if (hurry_ || alarm_ || write) wakePump(std::move(lock));
}

void Connection::wakePump(std::unique_lock<std::mutex> lock) {
  attention_ = true;
  const std::shared_ptr<async::Event> wake = std::exchange(wake_, nullptr);
  lock.unlock();
  if (wake) wake->set();
}

void Connection::stop() {
  std::unique_lock lock(mutex_);
  stopping_ = true;
  wakePump(std::move(lock));
}

void Connection::retire() {
  std::unique_lock lock(mutex_);
  retiring_ = alarm_ = true;
  wakePump(std::move(lock));
}

bool Connection::down() const {
  const std::lock_guard lock(mutex_);
  return stopping_ || (!up_ && breaker_.open());
}

bool Connection::up() const {
  const std::lock_guard lock(mutex_);
  return up_;
}

bool Connection::stopping() const {
  const std::lock_guard lock(mutex_);
  return stopping_;
}

bool Connection::take(bool& wish) {
  const std::lock_guard lock(mutex_);
  return std::exchange(wish, false);
}

/// Refuses what waits. Also called when a coroutine is destroyed together with its context.
void Connection::closeForGood() noexcept {
  std::vector<RequestPtr> waiting;
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
    up_ = false;
    waiting = queue_.remove([](const Request&) { return true; });
  }
  for (const RequestPtr& request : waiting) {
    request->finish(Refusal(BackingErrc::closed, false, "closed"));
  }
}

/// Does on the strand what others ask for: writes, earlier alarms, an attempt to connect, the end.
asio::awaitable<void> Connection::pump(std::shared_ptr<Connection> self, IoPtr io,
                                       [[maybe_unused]] std::shared_ptr<void> alive) {
  struct AtEnd {
    std::shared_ptr<Connection> connection;
    IoPtr io;
    ~AtEnd() {
      connection->closeForGood();
      if (io->link) connection->lost(*io, Refusal(BackingErrc::unavailable, true, "closed"));
    }
  };
  const AtEnd atEnd{self, io};
  for (;;) {
    std::shared_ptr<async::Event> wake;
    {
      const std::lock_guard lock(self->mutex_);
      if (self->stopping_) break;
      if (!std::exchange(self->attention_, false)) {
        wake = std::make_shared<async::Event>(io->strand);
        self->wake_ = wake;
      }
    }
    if (wake) {
      co_await async::Event::wait(wake);
      continue;
    }
    self->flush(io);
    if (self->take(self->alarm_)) self->watch(io);
    if (self->take(self->hurry_)) io->rest.cancel();
  }
  io->rest.cancel();
  io->timer.cancel();
  io->patience.cancel();
  if (io->link) io->link->stream.close();
}

asio::awaitable<void> Connection::run(std::shared_ptr<Connection> self, IoPtr io,
                                      [[maybe_unused]] std::shared_ptr<void> alive) {
  const RedisOptions& options = self->settings_->options;
  for (;;) {
    {
      const std::lock_guard lock(self->mutex_);
      if (self->stopping_) break;
      if (self->used_) break;
    }
    co_await self->pause(*io, std::chrono::hours(24));
  }
  while (!self->stopping()) {
    auto link = std::make_shared<Link>(
        io->strand, Reader::Limits{options.maxReplySize, options.maxReplyElements});
    io->link = link;
    const auto began = Clock::now();
    std::optional<Refusal> failure = co_await self->connect(*io, link);
    if (failure) {
      io->link = nullptr;
      self->notConnected(*failure);
    } else if (!self->stopping()) {
      self->connected(io);
      const Refusal why = co_await self->serve(*io, link);
      self->lost(*io, why);
      // A server that greets and goes, again and again, is not to be asked ever faster.
      if (Clock::now() - began > options.reconnectLast) io->backoff.reset();
    }
    link->stream.close();
    if (!self->stopping()) co_await self->pause(*io, io->backoff.next());
  }
}

/// Sleeps for so long, or until the pump has something to do.
asio::awaitable<void> Connection::pause(Io& io, Clock::duration duration) {
  std::error_code ignored;
  io.rest.expires_after(duration);
  co_await io.rest.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
}

asio::awaitable<std::optional<Refusal>> Connection::connect(Io& io, LinkPtr link) {
  {
    const std::lock_guard lock(mutex_);
    breaker_.attempt();
  }
  auto late = std::make_shared<bool>(false);
  io.patience.expires_after(settings_->options.connectTimeout);
  io.patience.async_wait([link, late](std::error_code error) {
    if (error) return;
    *late = true;
    link->stream.close();
  });
  std::optional<Refusal> refusal;
  try {
    co_await link->stream.connect(*settings_, address_);
    Handshake handshake(*settings_);
    link->small = handshake.wire();
    link->buffers.assign(1, asio::buffer(link->small));
    link->stream.write(link->buffers, [link](std::error_code error, std::size_t) {
      if (error) link->stream.close();
    });
    while (!handshake.done() && !refusal) {
      std::error_code error;
      const std::size_t size = co_await link->stream.readSome(link->received, error);
      if (error) throw std::system_error(error);
      link->reader.feed(std::span<const char>(link->received.data(), size));
      while (!handshake.done() && !refusal) {
        const std::optional<Reply> reply = link->reader.next();
        if (!reply) break;
        refusal = handshake.answer(*reply);
      }
    }
  } catch (const backing::Failure& failure) {
    refusal = Refusal(static_cast<BackingErrc>(failure.code().value()), false, failure.detail());
  } catch (const std::system_error& error) {
    refusal = Refusal(BackingErrc::unavailable, false,
                      *late ? "connecting took too long" : error.code().message());
  } catch (const ProtocolError& error) {
    refusal = Refusal(BackingErrc::protocol, false, error.what());
  }
  io.patience.cancel();
  if (*late && !refusal)
    refusal = Refusal(BackingErrc::unavailable, false, "connecting took too long");
  if (refusal) refusal->detail = address_.name() + ": " + refusal->detail;
  co_return refusal;
}

/// Hands replies to those who asked, until something is wrong.
asio::awaitable<Refusal> Connection::serve(Io& io, LinkPtr link) {
  std::vector<RequestPtr> complete;
  for (;;) {
    std::error_code error;
    const std::size_t size = co_await link->stream.readSome(link->received, error);
    if (error) co_return Refusal(BackingErrc::unavailable, true, error.message());
    link->lastProgress = Clock::now();
    std::string wrong;
    try {
      std::span<const char> rest(link->received.data(), size);
      while (!rest.empty()) {
        const auto chunk = rest.first(std::min(rest.size(), Reader::chunkSize));
        rest = rest.subspan(chunk.size());
        link->reader.feed(chunk);
        while (std::optional<Reply> reply = link->reader.next()) {
          RequestPtr request = link->fifo.answer(std::move(*reply));
          if (request) complete.push_back(std::move(request));
        }
      }
    } catch (const ProtocolError& violation) {
      wrong = violation.what();
    }
    deliver(complete);
    if (!wrong.empty()) co_return Refusal(BackingErrc::protocol, true, wrong);
    if (io.link != link) co_return Refusal(BackingErrc::unavailable, true, "closed");
  }
}

void Connection::deliver(std::vector<RequestPtr>& complete) {
  std::vector<async::Event*> events;
  events.reserve(complete.size());
  {
    const std::lock_guard lock(mutex_);
    for (const RequestPtr& request : complete) queue_.settle(*request);
  }
  for (const RequestPtr& request : complete) {
    if (!std::exchange(request->finished, true)) events.push_back(&request->done);
  }
  async::Event::setAll(events);
  complete.clear();
}

void Connection::connected(const IoPtr& io) {
  io->link->lastProgress = Clock::now();
  {
    const std::lock_guard lock(mutex_);
    breaker_.connected();
    up_ = true;
    writing_ = false;
  }
  flush(io);
  watch(io);
}

/// Refuses what was sent. Of a reply that is none, the oldest request is told; of the others nobody
/// knows more than that the connection went.
void Connection::lost(Io& io, const Refusal& why) {
  const LinkPtr link = std::exchange(io.link, nullptr);
  if (!link) return;  // the pump's end came first
  link->stream.close();
  const std::deque<RequestPtr> sent = link->fifo.takeAll();
  {
    const std::lock_guard lock(mutex_);
    up_ = false;
    writing_ = false;
    for (const RequestPtr& request : sent) queue_.settle(*request);
  }
  const std::string detail = address_.name() + ": " + why.detail;
  BackingErrc code = why.code;
  for (const RequestPtr& request : sent) {
    if (!request->finished) request->finish(Refusal(code, true, detail));
    code = BackingErrc::unavailable;
  }
}

/// Refuses what waits, where waiting longer makes no sense.
void Connection::notConnected(const Refusal& why) {
  std::vector<RequestPtr> refused;
  {
    const std::lock_guard lock(mutex_);
    lastFailure_ = why;
    if (why.code == BackingErrc::unavailable) {
      breaker_.failed(Clock::now());
    } else {
      breaker_.refused(Clock::now());
    }
    const bool all = breaker_.open();
    refused = queue_.remove([all](const Request& request) { return all || request.impatient; });
  }
  for (const RequestPtr& request : refused) request->finish(why);
}

/// Writes all that waits, in one write, unless one runs: then what waits goes when that is done.
void Connection::flush(const IoPtr& io) {
  const LinkPtr link = io->link;
  {
    const std::lock_guard lock(mutex_);
    if (!up_ || writing_) return;
    queue_.take(link->batch, batchBytes);
    if (link->batch.empty()) return;
    writing_ = true;
  }
  if (link->fifo.empty()) link->lastProgress = Clock::now();
  for (const RequestPtr& request : link->batch) link->fifo.sent(request);
  link->gather();
  link->stream.write(link->buffers,
                     [self = shared_from_this(), io, link](std::error_code error, std::size_t) {
                       link->batch.clear();
                       if (error) return link->stream.close();  // the reader sees it
                       if (io->link != link) return;
                       {
                         const std::lock_guard lock(self->mutex_);
                         self->writing_ = false;
                       }
                       self->flush(io);
                     });
}

/// Sets the one timer to the next moment at which something is due.
void Connection::watch(const IoPtr& io) {
  const RedisOptions& options = settings_->options;
  auto next = Clock::time_point::max();
  if (const LinkPtr& link = io->link; link && up()) {
    next = std::min(link->fifo.nextDeadline(),
                    link->lastProgress +
                        (link->fifo.empty() ? options.healthInterval : options.commandTimeout));
  }
  {
    const std::lock_guard lock(mutex_);
    next = std::min(next, queue_.nextDeadline());
    if (retiring_) next = std::min(next, Clock::now() + std::chrono::milliseconds(100));
    armed_ = next;
  }
  if (next == Clock::time_point::max()) {
    io->timer.cancel();
    return;
  }
  io->timer.expires_at(next);
  io->timer.async_wait([self = shared_from_this(), io](std::error_code error) {
    if (!error && !self->stopping()) self->onTime(io);
  });
}

void Connection::onTime(const IoPtr& io) {
  const auto now = Clock::now();
  std::vector<RequestPtr> due;
  bool idle = false;
  {
    const std::lock_guard lock(mutex_);
    due = queue_.remove([now](const Request& request) { return request.deadline <= now; });
    idle = retiring_ && queue_.outstanding() == 0;
  }
  for (const RequestPtr& request : due) {
    request->finish(Refusal(BackingErrc::timeout, false, "no connection to " + address_.name()));
  }
  if (idle) return stop();
  if (const LinkPtr link = io->link; link && up()) {
    for (const RequestPtr& request : link->fifo.expire(now)) {
      request->finish(Refusal(BackingErrc::timeout, true, "no reply from " + address_.name()));
    }
    const auto silence = now - link->lastProgress;
    if (!link->fifo.empty() && silence >= settings_->options.commandTimeout) {
      link->stream
          .close();  // whatever is there does not serve; the greeting will tell when it does
    } else if (link->fifo.empty() && silence >= settings_->options.healthInterval) {
      ping(io);
    }
  }
  watch(io);
}

/// Asks a silent connection whether it lives. Nobody waits for the answer: if none comes, the
/// connection has been silent for too long.
void Connection::ping(const IoPtr& io) {
  auto request = std::make_shared<Request>(io->strand, Clock::now() + std::chrono::hours(24));
  CommandWriter(request->wire).command("PING");
  request->expected = expects::status;
  {
    const std::lock_guard lock(mutex_);
    if (!queue_.offer(request)) return;
  }
  flush(io);
}

}  // namespace persistance::redis
