#include <persistance/backing/store.hpp>

namespace persistance::backing {

asio::awaitable<void> Store::readOne(const std::string& key, Sink& sink) {
  return read({&key, 1}, sink);
}

asio::awaitable<void> Store::removeMany(std::span<const std::string> keys) {
  for (const std::string& key : keys) {
    auto pending = remove(key);
    if (pending.valid()) co_await std::move(pending);
  }
}

asio::awaitable<void> Store::exchange(Exchange& /*exchange*/) {
  throw Failure(BackingErrc::unsupported, "this store does not compare and set");
}

asio::awaitable<void> Store::find(const std::string& /*key*/, Sink& /*sink*/,
                                  std::optional<std::chrono::milliseconds>& /*timeToLive*/) {
  throw Failure(BackingErrc::unsupported, "this store does not tell times to live");
}

asio::awaitable<void> Store::keys(const KeyQuery& /*query*/, KeyPage& /*page*/) {
  throw Failure(BackingErrc::unsupported, "this store does not list its keys");
}

}  // namespace persistance::backing
