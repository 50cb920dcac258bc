#include "backing/redis/session.hpp"

#include <algorithm>

#include "backing/redis/command_writer.hpp"

namespace persistance::backing::redis {

Session::Session(ChannelPtr channel, std::shared_ptr<Outbox> outbox,
                 std::shared_ptr<const Settings> settings, std::string name)
    : channel_(std::move(channel)),
      outbox_(std::move(outbox)),
      settings_(std::move(settings)),
      name_(std::move(name)) {}

void Session::flush() {
  if (ended_ || !outbox_->take(batch_.requests)) return;
  if (fifo_.empty()) lastProgress_ = Clock::now();
  for (const RequestPtr& request : batch_.requests) fifo_.sent(request);
  channel_->stream.write(
      batch_.gather(),
      [self = shared_from_this()](std::error_code error, std::size_t) { self->written(error); });
}

void Session::written(std::error_code error) {
  batch_.clear();
  if (error) return channel_->stream.close();  // serve() sees it
  if (ended_) return;
  outbox_->written();
  flush();
}

asio::awaitable<Refusal> Session::serve(std::shared_ptr<Session> self) {
  Channel& channel = *self->channel_;
  for (;;) {
    std::error_code error;
    const std::size_t size = co_await channel.stream.readSome(channel.received, error);
    if (error) co_return Refusal(BackingErrc::unavailable, true, error.message());
    self->lastProgress_ = Clock::now();
    std::string wrong;
    try {
      self->receive(std::span<const char>(channel.received.data(), size));
    } catch (const ProtocolError& violation) {
      wrong = violation.what();
    }
    self->deliver();
    if (!wrong.empty()) co_return Refusal(BackingErrc::protocol, true, wrong);
    if (self->ended_) co_return Refusal(BackingErrc::unavailable, true, "closed");
  }
}

void Session::receive(std::span<const char> bytes) {
  while (!bytes.empty()) {
    const auto chunk = bytes.first(std::min(bytes.size(), ReplyReader::chunkSize));
    bytes = bytes.subspan(chunk.size());
    channel_->reader.feed(chunk);
    while (channel_->reader.next(fifo_.place())) {
      if (RequestPtr request = fifo_.arrived()) complete_.push_back(std::move(request));
    }
  }
}

void Session::deliver() {
  outbox_->settle(complete_);
  std::vector<async::Event*> events;
  events.reserve(complete_.size());
  for (const RequestPtr& request : complete_) {
    if (!std::exchange(request->finished, true)) events.push_back(&request->done);
  }
  async::Event::setAll(events);
  complete_.clear();
}

/// Of a reply that is none, the oldest request is told; of the others nobody knows more than that
/// the connection went.
void Session::end(const Refusal& why) {
  if (std::exchange(ended_, true)) return;
  channel_->stream.close();
  const std::deque<RequestPtr> sent = fifo_.takeAll();
  outbox_->disconnected(sent);
  const std::string detail = name_ + ": " + why.detail;
  BackingErrc code = why.code;
  for (const RequestPtr& request : sent) {
    if (!request->finished) request->finish(Refusal(code, true, detail));
    code = BackingErrc::unavailable;
  }
}

void Session::onTime(Clock::time_point now) {
  for (const RequestPtr& request : fifo_.expire(now)) {
    request->finish(Refusal(BackingErrc::timeout, true, "no reply from " + name_));
  }
  const auto silence = now - lastProgress_;
  if (!fifo_.empty() && silence >= settings_->options.commandTimeout) {
    // Whatever is there does not serve; the next greeting will tell when it does.
    channel_->stream.close();
  } else if (fifo_.empty() && silence >= settings_->options.healthInterval) {
    ping();
  }
}

Clock::time_point Session::nextDue() const {
  const RedisOptions& options = settings_->options;
  const auto longest = fifo_.empty() ? options.healthInterval : options.commandTimeout;
  return std::min(fifo_.nextDeadline(), lastProgress_ + longest);
}

/// Asks a silent connection whether it lives. Nobody waits for the answer: if none comes, the
/// connection has been silent for too long.
void Session::ping() {
  auto request = makeRequest(channel_->stream.executor(), Clock::now() + std::chrono::hours(24));
  CommandWriter(request->wire).command("PING");
  request->expected = expects::status;
  outbox_->submit(request);
  flush();
}

}  // namespace persistance::backing::redis
