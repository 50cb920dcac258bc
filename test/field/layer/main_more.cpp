// runMain with what a server leaves behind: connections and timers on the io_context, handlers that throw on any of four
// threads, a signal during a build that then fails, two of them for two signals at once.
#include <atomic>

#include "child_process.hpp"

namespace {
struct Server {
  std::atomic<int> open{0};
};
void want(int status, int code, const std::string& what) {
  field::expect(WIFEXITED(status) && WEXITSTATUS(status) == code, what + ": " + told(status));
}
}  // namespace

int main() {
  for (const std::size_t threads : {std::size_t(1), std::size_t(4)}) {
    const std::string with = ", threads " + std::to_string(threads);
    // idle connections and timers are dropped, with the service that they hold
    want(child([&] {
           static std::atomic<int> alive{0};
           struct Held {
             Held() { ++alive; }
             ~Held() { --alive; }
           };
           auto server =
               layer::scoped([](layer::Scope& scope) -> asio::awaitable<std::shared_ptr<Server>> {
                 auto made = std::make_shared<Server>();
                 auto executor = co_await asio::this_coro::executor;
                 for (int i = 0; i < 50; ++i) {
                   asio::co_spawn(
                       executor,
                       [](std::shared_ptr<Server> s,
                          std::shared_ptr<Held> held) -> asio::awaitable<void> {
                         (void)held;
                         ++s->open;
                         co_await sleepFor(1h);
                       }(made, std::make_shared<Held>()),
                       asio::detached);
                 }
                 auto timer = std::make_shared<asio::steady_timer>(executor, 1h);
                 timer->async_wait([timer, held = std::make_shared<Held>()](std::error_code) {});
                 scope.addFinalizer([made] {});
                 co_return made;
               });
           layer::MainOptions options;
           options.threads = threads;
           raiseAfter(30ms, SIGTERM);
           const int code = layer::runMain(server, options);
           field::expect(alive == 0, "what was left is dropped when runMain returns");
           return code;
         }),
         0, "idle connections" + with);
    // a handler that throws, after a while, on some thread
    want(child([&] {
           std::atomic<bool> released{false};
           auto server =
               layer::scoped([&](layer::Scope& scope) -> asio::awaitable<std::shared_ptr<Server>> {
                 scope.addFinalizer([&]() -> asio::awaitable<void> {
                   co_await sleepFor(5ms);
                   released = true;
                 });
                 auto executor = co_await asio::this_coro::executor;
                 for (int i = 0; i < 20; ++i) {
                   auto timer = std::make_shared<asio::steady_timer>(executor, 10ms);
                   timer->async_wait([timer, i](std::error_code) {
                     if (i % 5 == 0) throw std::runtime_error("a handler");
                   });
                 }
                 co_return std::make_shared<Server>();
               });
           layer::MainOptions options("m");
           options.threads = threads;
           std::string lines;
           options.report = [&](const std::string& line) { lines += line + "\n"; };
           const int code = layer::runMain(server, options);
           field::expect(released, "a handler threw: then the layer is released in order");
           field::expect(lines == "m: a handler\n", "a handler threw: one line: " + lines);
           return code;
         }),
         1, "a handler throws" + with);
    // a handler that throws no std::exception
    want(child([&] {
           auto server =
               layer::scoped([](layer::Scope&) -> asio::awaitable<std::shared_ptr<Server>> {
                 asio::post(co_await asio::this_coro::executor, [] { throw 7; });
                 co_return std::make_shared<Server>();
               });
           layer::MainOptions options("m");
           options.threads = threads;
           options.report = [](const std::string&) {};
           return layer::runMain(server, options);
         }),
         1, "a handler throws a number" + with);
    // the signal comes, the build is cancelled and then fails with an error of its own
    want(child([&] {
           auto server =
               layer::scoped([](layer::Scope&) -> asio::awaitable<std::shared_ptr<Server>> {
                 try {
                   co_await sleepFor(10s);
                 } catch (const std::system_error&) {
                 }
                 throw std::runtime_error("half-built");
               });
           layer::MainOptions options("m");
           options.threads = threads;
           std::string lines;
           options.report = [&](const std::string& line) { lines += line + "\n"; };
           raiseAfter(20ms, SIGINT);
           const int code = layer::runMain(server, options);
           return code == 0 || code == 1 ? 0 : code;
         }),
         0, "half-built" + with);
    // a LayerMap in a program: keys of all idle times are released
    want(child([&] {
           std::atomic<int> opened{0}, closed{0};
           struct Conn {
             int n;
           };
           auto keys = layer::layerMap(
               [&](const int& k) {
                 return layer::scoped([&, k](layer::Scope& scope) -> asio::awaitable<Conn> {
                   ++opened;
                   scope.addFinalizer([&]() -> asio::awaitable<void> {
                     co_await sleepFor(1ms);
                     ++closed;
                   });
                   co_return Conn{k};
                 });
               },
               {1ms});
           auto server =
               layer::scoped([](std::shared_ptr<layer::LayerMap<int, Conn>> map,
                                layer::Scope& scope) -> asio::awaitable<std::shared_ptr<Server>> {
                 for (int i = 0; i < 8; ++i) {
                   scope.spawn([](auto m, int k) -> asio::awaitable<void> {
                     for (;;)
                       co_await m->run(
                           k % 5, [](Conn&) -> asio::awaitable<void> { co_await sleepFor(1ms); });
                   }(map, i));
                 }
                 co_return std::make_shared<Server>();
               });
           layer::MainOptions options("m");
           options.threads = threads;
           raiseAfter(40ms, SIGTERM);
           const int code = layer::runMain(layer::provide(server, keys), options);
           field::expect(
               opened > 0 && opened == closed,
               "all keys are released " + std::to_string(opened) + " " + std::to_string(closed));
           return code;
         }),
         0, "a LayerMap" + with);
  }
  // two programs at once, each with its signal; one of them on another thread
  want(child([] {
         int other = -1;
         std::thread thread([&] {
           layer::MainOptions options("other");
           options.signals = {SIGUSR1};
           other = layer::runMain(layer::sync([] { return std::make_unique<Server>(); }), options);
         });
         layer::MainOptions options("one");
         options.signals = {SIGUSR2};
         raiseAfter(60ms, SIGUSR1);
         raiseAfter(30ms, SIGUSR2);
         const int code =
             layer::runMain(layer::sync([] { return std::make_unique<Server>(); }), options);
         thread.join();
         return code == 0 && other == 0 ? 0 : 1;
       }),
       0, "two at once");
  // a runMain inside a layer of a runMain (a tool that starts its server)
  want(child([] {
         auto outer = layer::sync([] {
           layer::MainOptions options("inner");
           options.signals = {SIGUSR1};
           raiseAfter(20ms, SIGUSR1);
           field::expect(
               layer::runMain(layer::sync([] { return std::make_unique<Server>(); }), options) == 0,
               "inner");
           return std::make_unique<Server>();
         });
         raiseAfter(80ms, SIGTERM);
         return layer::runMain(outer);
       }),
       0, "one inside another");
  return field::result();
}
