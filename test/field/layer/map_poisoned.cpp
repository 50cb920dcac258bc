// A key of a LayerMap whose background task has failed is built anew for those who come when its users have gone, as one
// whose build has failed: users that keep coming do not keep the broken one alive.
#include "layers.hpp"

namespace {
struct Conn {};
}  // namespace

int main() {
  for (const auto idle : {0ms, 30ms}) {
    const std::string what = "idle " + std::to_string(idle.count());
    Spawned s;
    int built = 0, failed = 0, fine = 0;
    asio::io_context io;
    auto keys = layer::layerMap(
        [&](const int&) {
          return layer::scoped([&](layer::Scope& scope) -> asio::awaitable<Conn> {
            if (++built == 1)
              scope.spawn([]() -> asio::awaitable<void> {
                co_await sleepFor(2ms);
                throw std::runtime_error("connection lost");
              }());
            co_return Conn{};
          });
        },
        {idle});
    s.start(io, layer::run(keys, [&](layer::LayerMap<int, Conn>& map) -> asio::awaitable<void> {
              for (int i = 0; i < 60; ++i) {
                try {
                  co_await map.run(1,
                                   [](Conn&) -> asio::awaitable<void> { co_await sleepFor(5ms); });
                  ++fine;
                } catch (const std::runtime_error&) {
                  ++failed;
                }
                co_await sleepFor(5ms);
              }
            }));
    io.run_for(3s);
    field::expect(s.succeeded(), what + ": the map's run: " + s.text());
    field::expect(failed <= 2 && fine >= 58, what + ": the key is broken for good: " +
                                                 std::to_string(failed) + " of 60 failed");
  }
  return field::result();
}
