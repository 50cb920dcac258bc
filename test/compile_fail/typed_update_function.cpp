// expect: persistance: update() takes a function of std::optional<A>, by value, that returns std::optional<A> or A; it is no coroutine, and returning nothing it is no update
#include <persistance/persistance.hpp>

persistance::asio::awaitable<void> append(persistance::Persistance<std::string> texts) {
  co_await texts.update("log", [](std::string old) { return old + "!"; });
}
