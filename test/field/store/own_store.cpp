// Promises: a backing::Store of your own, without optional operations: those are `unsupported`; what it throws, at the call or later, becomes
// a PersistanceBackingError with the cause (Failure: its code), but operation_aborted and bad_alloc; with empty awaitables nothing suspends.
#include <cstddef>
#include <cstdio>
#include <cstdlib>
#include <map>
#include <persistance/backing/store.hpp>
#include <persistance/persistance.hpp>

#include "field/store/check.hpp"

namespace p = persistance;
namespace b = persistance::backing;
enum Mode { inlineAnswer, later, failure, failureLater, logic, aborted, alloc, number, badSlot };
struct Plain : b::Store {
  std::map<std::string, p::Unknown> data;
  Mode mode = inlineAnswer;
  asio::awaitable<void> end() {
    switch (mode) {
      case later: return lateEnd(nullptr);
      case failure: throw b::Failure(p::BackingErrc::readOnly, "no writes today");
      case failureLater:
        return lateEnd(std::make_exception_ptr(b::Failure(p::BackingErrc::timeout)));
      case logic: throw std::logic_error("a bug");
      case aborted: throw std::system_error(asio::error::operation_aborted);
      case alloc: throw std::bad_alloc();
      case number: throw 42;
      default: return {};
    }
  }
  static asio::awaitable<void> lateEnd(std::exception_ptr e) {
    co_await asio::post(co_await asio::this_coro::executor, asio::use_awaitable);
    if (e) std::rethrow_exception(e);
  }
  asio::awaitable<void> read(std::span<const std::string> keys, b::Sink& sink) override {
    CHECK(!keys.empty());
    for (std::size_t i = keys.size(); i-- > 0;)
      if (auto f = data.find(keys[i]); f != data.end()) sink.found(i, f->second.bytes());
    return end();
  }
  asio::awaitable<void> write(std::span<b::Entry> entries) override {
    CHECK(!entries.empty());
    for (auto& e : entries) {
      CHECK(!e.timeToLive || e.timeToLive->count() > 0);
      data[std::move(e.key)] = std::move(e.value);
    }
    return end();
  }
  asio::awaitable<void> remove(const std::string& key) override {
    data.erase(key);
    return end();
  }
  asio::awaitable<void> clear() override {
    data.clear();
    return end();
  }
};
asio::awaitable<void> all(std::shared_ptr<Plain> plain) {
  p::Persistance<int> s(plain, p::schema::of<int>());
  std::vector<std::string> keys{"a", "b", "a"};
  std::vector<std::pair<std::string, int>> entries{{"a", 1}, {"b", 2}, {"a", 3}};
  auto inc = [](std::optional<int> v) { return std::optional<int>(v.value_or(0) + 1); };
  for (Mode mode : {inlineAnswer, later, failure, failureLater, logic, aborted, alloc, number}) {
    plain->mode = mode;
    for (int op = 0; op < 11; ++op) {
      std::string got = "fine";
      try {
        switch (op) {
          case 0:
            co_await s.setMany(entries);
            CHECK(plain->data.size() == 2);
            break;
          case 1: {
            auto v = co_await s.getMany(keys);
            CHECK(v.size() == 3 && v[0] == 3 && v[1] == 2 && v[2] == 3);
            break;
          }
          case 2: {
            auto v = co_await s.get("a");
            CHECK(v == 3);
            break;
          }
          case 3: co_await s.set("c", 1); break;
          case 4:
            co_await s.removeMany(keys);
            CHECK(plain->data.size() == 1);
            break;
          case 5: co_await s.remove("c"); break;
          case 6: co_await s.clear(); break;
          case 7: (void)co_await s.setIfAbsent("a", 1); break;
          case 8: (void)co_await s.update("a", inc); break;
          case 9: (void)co_await s.find("a"); break;
          case 10: (void)co_await s.keys(); break;
        }
      } catch (const p::PersistanceBackingError& e) {
        got = "code " + std::to_string(e.code().value());
        if (mode == logic || mode == number) {
          CHECK(op > 6 || e.error());
        }
      } catch (const std::system_error& e) {
        got = e.code() == asio::error::operation_aborted ? "aborted" : "other";
      } catch (const std::bad_alloc&) {
        got = "alloc";
      }
      auto code = [](p::BackingErrc c) { return "code " + std::to_string(int(c)); };
      std::string want = mode <= later          ? "fine"
                         : mode == failure      ? code(p::BackingErrc::readOnly)
                         : mode == failureLater ? code(p::BackingErrc::timeout)
                         : mode == aborted      ? "aborted"
                         : mode == alloc        ? "alloc"
                                                : code(p::BackingErrc::unavailable);
      bool optional = op > 6 && !(op == 8 && mode > later);  // update reads first
      if (optional) want = code(p::BackingErrc::unsupported);
      if (got != want) {
        std::printf("mode %d op %d: %s, not %s\n", mode, op, got.c_str(), want.c_str());
        std::exit(1);
      }
    }
  }
  plain->mode = inlineAnswer;  // an entry that does not decode: getMany removes it through remove()
  plain->data["bad"] = p::schema::string().encode("text");
  std::vector<std::string> bad{"bad"};
  auto v = co_await s.getMany(bad);
  CHECK(!v[0] && plain->data.empty());
}
int main() {
  asio::io_context io;
  asio::co_spawn(io, all(std::make_shared<Plain>()), [](std::exception_ptr e) {
    if (e) std::rethrow_exception(e);
  });
  io.run();
}
