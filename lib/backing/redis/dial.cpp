#include "backing/redis/dial.hpp"

#include <persistance/backing/store.hpp>

#include "backing/redis/greeting.hpp"

namespace persistance::backing::redis {
namespace {

/// Says the greeting and takes the answers.
asio::awaitable<std::optional<Refusal>> greet(ChannelPtr channel,
                                              std::shared_ptr<const Settings> settings,
                                              std::shared_ptr<const Membership> membership) {
  // Shared with the write, which may outlive this coroutine.
  const auto greeting = std::make_shared<Greeting>(*settings, *membership);
  const std::vector<asio::const_buffer> buffers(1, asio::buffer(greeting->wire()));
  channel->stream.write(
      buffers, [channel, settings, membership, greeting](std::error_code error, std::size_t) {
        if (error) channel->stream.close();
      });
  for (;;) {
    std::error_code error;
    const std::size_t size = co_await channel->stream.readSome(channel->received, error);
    if (error) throw std::system_error(error);
    channel->reader.feed(std::span<const char>(channel->received.data(), size));
    for (Reply reply; channel->reader.next(reply); reply = Reply()) {
      if (const auto refusal = greeting->answer(reply)) co_return refusal;
      if (greeting->done()) co_return std::nullopt;
    }
  }
}

asio::awaitable<std::optional<Refusal>> connectAndGreet(
    ChannelPtr channel, std::shared_ptr<const Settings> settings,
    std::shared_ptr<const Membership> membership, const Address& address) {
  try {
    co_await channel->stream.connect(*settings, address);
    co_return co_await greet(channel, settings, membership);
  } catch (const Failure& failure) {
    co_return Refusal(static_cast<BackingErrc>(failure.code().value()), false, failure.detail());
  } catch (const std::system_error& error) {
    co_return Refusal(BackingErrc::unavailable, false, error.code().message());
  } catch (const ProtocolError& error) {
    co_return Refusal(BackingErrc::protocol, false, error.what());
  }
}

}  // namespace

asio::awaitable<std::optional<Refusal>> dial(ChannelPtr channel,
                                             std::shared_ptr<const Settings> settings,
                                             std::shared_ptr<const Membership> membership,
                                             Address address) {
  const auto late = std::make_shared<bool>(false);
  asio::steady_timer timer(co_await asio::this_coro::executor, settings->options.connectTimeout);
  timer.async_wait([channel, late](std::error_code error) {
    if (error) return;
    *late = true;
    channel->stream.close();
  });
  std::optional<Refusal> refusal = co_await connectAndGreet(channel, settings, membership, address);
  timer.cancel();
  if (*late && (!refusal || refusal->code == BackingErrc::unavailable)) {
    refusal = Refusal(BackingErrc::unavailable, false, "connecting took too long");
  }
  if (refusal) refusal->detail = address.name() + ": " + refusal->detail;
  co_return refusal;
}

}  // namespace persistance::backing::redis
