#include <persistance/backing/store.hpp>

namespace persistance::backing {

asio::awaitable<void> Store::readOne(const std::string& key, Sink& sink) {
  return read({&key, 1}, sink);
}

asio::awaitable<void> Store::removeIfUnchanged(const std::string& key,
                                               std::span<const std::byte> /*bytes*/) {
  return remove(key);
}

}  // namespace persistance::backing
