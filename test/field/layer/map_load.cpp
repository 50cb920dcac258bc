// A LayerMap under load from four threads: 40 keys, idle times 0, 1 ms and max, invalidated while in use,
// touched, preloaded and listed at once; a key is never there twice but for an invalidated one in use.
#include <atomic>
#include <map>

#include "layers.hpp"

namespace {
std::atomic<int> alive{0};
struct Database {
  int reads = 0;
};
struct Tenant {
  int id;
  std::atomic<bool> open{true};
  explicit Tenant(int id_) : id(id_) { ++alive; }
  ~Tenant() { --alive; }
};
using Tenants = layer::LayerMap<int, Tenant>;

void load(std::chrono::milliseconds idle, bool strands) {
  const std::string what =
      "idle " + std::to_string(idle.count()) + (strands ? " strands" : " bare");
  std::atomic<int> good{0}, invalidated{0}, opened{0}, closed{0};
  {
    asio::io_context io;
    auto tenants = layer::layerMap(
        [&](const int& id, Database&) {
          return layer::scoped(
              [&, id](layer::Scope& scope) -> asio::awaitable<std::shared_ptr<Tenant>> {
                co_await asio::post(asio::use_awaitable);
                auto tenant = std::make_shared<Tenant>(id);
                ++opened;
                scope.addFinalizer([&, tenant]() -> asio::awaitable<void> {
                  co_await asio::post(asio::use_awaitable);
                  tenant->open = false;
                  ++closed;
                });
                co_return tenant;
              });
        },
        layer::LayerMapOptions<int>(idle));
    auto app = layer::provide(tenants, layer::succeed(Database{}));
    bool ended = false;
    asio::co_spawn(
        asio::make_strand(io),
        layer::run(app,
                   [&](Tenants& map) -> asio::awaitable<void> {
                     std::atomic<int> left{16};
                     for (int k = 0; k < 16; ++k) {
                       asio::any_io_executor on = io.get_executor();
                       if (strands) on = asio::make_strand(io);
                       asio::co_spawn(
                           on,
                           [&, k]() -> asio::awaitable<void> {
                             unsigned x = unsigned(k) * 7919u + 13u;
                             for (int i = 0; i < 60; ++i) {
                               x = x * 1664525u + 1013904223u;
                               const int key = int((x >> 16) % 40u);
                               switch ((x >> 8) % 8u) {
                                 case 0:
                                   co_await map.invalidate(key);
                                   ++invalidated;
                                   break;
                                 case 1: map.touch(key); break;
                                 case 2: co_await map.preload(key); break;
                                 case 3: {
                                   auto keys = map.keys();
                                   field::expect(std::is_sorted(keys.begin(), keys.end()),
                                                 what + ": in order");
                                   break;
                                 }
                                 case 4: {
                                   layer::Scope scope;
                                   auto context = co_await map.get(key, scope);
                                   const bool fine = context.get<Tenant>().id == key &&
                                                     context.get<Tenant>().open;
                                   if (!fine)
                                     field::expect(false, what + ": an open tenant by get");
                                   co_await map.invalidate(key);
                                   if (!context.get<Tenant>().open)
                                     field::expect(false, what + ": stays open while it is used");
                                   co_await scope.close();
                                   break;
                                 }
                                 default:
                                   co_await map.run(
                                       key, [&what, key](Tenant& tenant) -> asio::awaitable<void> {
                                         if (tenant.id != key || !tenant.open)
                                           field::expect(false, what + ": an open tenant");
                                         co_await asio::post(asio::use_awaitable);
                                         if (!tenant.open)
                                           field::expect(false, what + ": open to the end");
                                       });
                               }
                               ++good;
                             }
                           },
                           [&](std::exception_ptr e) {
                             if (e)
                               field::expect(false, what + ": " + field::thrown([&] {
                                                      std::rethrow_exception(e);
                                                    }));
                             --left;
                           });
                     }
                     while (left > 0) co_await sleepFor(1ms);
                   }),
        [&](std::exception_ptr e) { ended = !e; });
    runOn(io, 4);
    field::expect(ended, what + ": the map is released");
  }
  field::expect(good == 16 * 60, what + ": everything was done " + std::to_string(good));
  field::expect(opened == closed, what + ": each is released, " + std::to_string(opened) +
                                      " opened, " + std::to_string(closed) + " closed");
  field::expect(alive == 0, what + ": none left");
}
}  // namespace

int main() {
  for (const bool strands : {true, false}) {
    load(0ms, strands);
    load(1ms, strands);
    load(std::chrono::milliseconds::max(), strands);
  }
  return field::result();
}
