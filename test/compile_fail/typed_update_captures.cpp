// expect: error: static assertion failed: persistance: g++ 12 destroys a function object with captures twice in a co_await expression; name it first: `auto f = [x](std::optional<A> old) { ... }; co_await store.update(key, f);`, or std::ref(f) where it cannot be copied
// only: gcc
#include <persistance/persistance.hpp>

persistance::asio::awaitable<void> append(persistance::Persistance<std::string> texts,
                                          std::string more) {
  co_await texts.update("log",
                        [more](std::optional<std::string> old) { return old.value_or("") + more; });
}
