#include "backing/redis/connection.hpp"

#include "backing/redis/backoff.hpp"
#include "backing/redis/dial.hpp"
#include "backing/redis/session.hpp"

namespace persistance::backing::redis {

/// What only the coroutines and their handlers hold, so that it goes with the execution context.
struct Connection::Loop {
  Loop(const asio::any_io_executor& strand_, Backoff backoff_)
      : strand(strand_), dueTimer(strand_), pauseTimer(strand_), backoff(backoff_) {}

  asio::any_io_executor strand;
  asio::steady_timer dueTimer;    // deadlines and health
  asio::steady_timer pauseTimer;  // between two attempts to connect
  Backoff backoff;
  ChannelPtr channel;                // there from dialling on
  std::shared_ptr<Session> session;  // there while it serves

  /// Sleeps for so long, or until the pause is cancelled.
  [[nodiscard]] asio::awaitable<void> pause(Clock::duration duration) {
    std::error_code ignored;
    pauseTimer.expires_after(duration);
    co_await pauseTimer.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
  }
};

Connection::Connection(std::shared_ptr<const Settings> settings,
                       std::shared_ptr<const Membership> membership, Address address,
                       std::uint64_t seed)
    : settings_(std::move(settings)),
      membership_(std::move(membership)),
      address_(std::move(address)),
      seed_(seed),
      outbox_(std::make_shared<Outbox>(RequestQueue::Limits{settings_->options.queueLimit,
                                                            settings_->options.queueBytes.bytes()},
                                       settings_->options.breakerThreshold, address_.name())) {}

void Connection::start(const asio::any_io_executor& executor, const std::shared_ptr<void>& alive) {
  const asio::any_io_executor strand = asio::make_strand(executor);
  const RedisOptions& options = settings_->options;
  const Backoff backoff(options.reconnectDelay, options.reconnectDelayLimit, seed_);
  const auto loop = std::make_shared<Loop>(strand, backoff);
  asio::co_spawn(strand, doWork(shared_from_this(), loop, alive), asio::detached);
  asio::co_spawn(strand, stayConnected(shared_from_this(), loop, alive), asio::detached);
}

/// Does on the strand what callers ask for: writes, earlier deadlines, an attempt to connect, the
/// end.
asio::awaitable<void> Connection::doWork(std::shared_ptr<Connection> self, LoopPtr loop,
                                         [[maybe_unused]] std::shared_ptr<void> alive) {
  struct AtEnd {
    std::shared_ptr<Connection> connection;
    LoopPtr loop;
    ~AtEnd() {
      connection->outbox_->closeForGood();
      if (const auto session = std::exchange(loop->session, nullptr)) {
        session->end(Refusal(BackingErrc::unavailable, true, "closed"));
      }
    }
  };
  const AtEnd atEnd{self, loop};
  Outbox& outbox = *self->outbox_;
  for (;;) {
    if (const auto idle = outbox.idle(loop->strand)) {
      co_await async::Event::wait(idle);
      continue;
    }
    const Outbox::Work work = outbox.takeWork();
    if (work.stop) break;
    if (loop->session) loop->session->flush();
    if (work.rearm) self->rearm(loop);
    if (work.connect) loop->pauseTimer.cancel();
  }
  loop->pauseTimer.cancel();
  loop->dueTimer.cancel();
  if (loop->channel) loop->channel->stream.close();
}

asio::awaitable<void> Connection::stayConnected(std::shared_ptr<Connection> self, LoopPtr loop,
                                                [[maybe_unused]] std::shared_ptr<void> alive) {
  Outbox& outbox = *self->outbox_;
  while (!outbox.used() && !outbox.stopping()) co_await loop->pause(std::chrono::hours(24));
  while (!outbox.stopping()) {
    co_await self->connectOnce(loop);
    if (!outbox.stopping()) co_await loop->pause(loop->backoff.next());
  }
}

/// Dials, and serves for as long as the connection lasts.
asio::awaitable<void> Connection::connectOnce(LoopPtr loop) {
  const RedisOptions& options = settings_->options;
  const auto began = Clock::now();
  const ChannelPtr channel = std::make_shared<Channel>(
      loop->strand, ReplyReader::Limits{options.replyLimit.bytes(), options.replyElementLimit});
  loop->channel = channel;
  outbox_->connecting();
  const std::optional<Refusal> refusal = co_await dial(channel, settings_, membership_, address_);
  if (refusal) {
    outbox_->notConnected(*refusal);
  } else if (!outbox_->stopping()) {
    const auto session = std::make_shared<Session>(channel, outbox_, settings_, address_.name());
    loop->session = session;
    outbox_->connected();
    session->flush();
    rearm(loop);
    session->end(co_await Session::serve(session));
    loop->session = nullptr;
    // A server that greets and goes, again and again, is not to be asked ever faster.
    if (Clock::now() - began > options.reconnectDelayLimit) loop->backoff.reset();
  }
  channel->stream.close();
  loop->channel = nullptr;
}

/// Sets the one timer to the next moment at which something is due.
void Connection::rearm(const LoopPtr& loop) {
  const auto next =
      outbox_->arm(loop->session ? loop->session->nextDue() : Clock::time_point::max());
  if (next == Clock::time_point::max()) {
    loop->dueTimer.cancel();
    return;
  }
  loop->dueTimer.expires_at(next);
  loop->dueTimer.async_wait([self = shared_from_this(), loop](std::error_code error) {
    if (!error && !self->outbox_->stopping()) self->onTime(loop);
  });
}

void Connection::onTime(const LoopPtr& loop) {
  const auto now = Clock::now();
  if (outbox_->expire(now)) return outbox_->stop();
  if (loop->session) loop->session->onTime(now);
  rearm(loop);
}

}  // namespace persistance::backing::redis
