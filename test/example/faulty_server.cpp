// The example server on a store of ours that does what the key asks for, so that a test can see
// what the server makes of a slow, a failing and an unreadable store.

#include <atomic>
#include <iostream>
#include <stdexcept>

#include "app.hpp"

namespace {

namespace asio = persistance::asio;
using persistance::Unknown;

asio::awaitable<void> wait(std::chrono::milliseconds time) {
  asio::steady_timer timer(co_await asio::this_coro::executor);
  timer.expires_after(time);
  co_await timer.async_wait(asio::use_awaitable);
}

class Store {
 public:
  asio::awaitable<std::optional<Unknown>> get(std::string key) const {
    if (key == "fails") throw std::runtime_error("the cable is cut");
    if (key == "slow") co_await wait(std::chrono::seconds(1));
    if (key == "stuck") co_await wait(std::chrono::hours(1));
    if (key == "unreadable") co_return Unknown(nlohmann::json{{"name", 7}});
    co_return std::nullopt;
  }

  asio::awaitable<std::vector<std::optional<Unknown>>> getMany(
      std::vector<std::string> keys) const {
    std::vector<std::optional<Unknown>> found;
    for (std::string& key : keys) found.push_back(co_await get(std::move(key)));
    co_return found;
  }

  asio::awaitable<void> set(std::string key, const Unknown&) const { return write(std::move(key)); }
  asio::awaitable<void> remove(std::string key) const { return write(std::move(key)); }

 private:
  asio::awaitable<void> write(std::string key) const { (void)co_await get(std::move(key)); }
};

class FaultyBacking final : public persistance::BackingPersistance {
 public:
  asio::awaitable<persistance::Persistance<Unknown>> make(std::string) override {
    co_return persistance::Persistance<Unknown>(std::make_shared<Store>());
  }
};

}  // namespace

int main(int argc, char** argv) {
  using namespace profile_server;
  const std::shared_ptr<persistance::BackingPersistance> faulty = std::make_shared<FaultyBacking>();
  const Options options = parseOptions(argc, argv);
  return serve(app(options, layer::succeed(faulty)), options);
}
