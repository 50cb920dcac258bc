#include <persistance/detail/byte_operations.hpp>

#include <persistance/detail/guard.hpp>
#include <persistance/schema/versioned.hpp>

#include <unordered_set>
#include <utility>

namespace persistance::detail {
namespace {

// Keeps the last of each repeated key, in the order that is left. Many give way to others.
asio::awaitable<void> keepLastOfEachKey(std::vector<backing::Entry>& entries) {
  std::unordered_set<std::string_view> seen;
  std::vector<std::size_t> indices;
  seen.reserve(entries.size());
  indices.reserve(entries.size());
  for (std::size_t i = entries.size(); i-- > 0;) {
    if (seen.insert(entries[i].key).second) indices.push_back(i);
    if (turnIsOver(1)) co_await nextTurn();
  }
  if (indices.size() == entries.size()) co_return;
  std::vector<backing::Entry> kept;
  kept.reserve(indices.size());
  for (auto i = indices.rbegin(); i != indices.rend(); ++i) kept.push_back(std::move(entries[*i]));
  entries = std::move(kept);
}

class Copied final : public backing::Sink {
 public:
  void found(std::size_t /*slot*/, std::span<const std::byte> bytes) override {
    value = Unknown::fromBytes(bytes);
  }
  std::optional<Unknown> value;
};

}  // namespace

asio::awaitable<void> write(Lease /*lease*/, backing::Store& store, backing::Entry entry,
                            Messages messages) {
  checkKey("set", entry.key, messages);
  try {
    auto pending = rest(store.write({&entry, 1}), 1);
    if (pending.valid()) co_await std::move(pending);
  } catch (...) {
    rethrowAs("set", entry.key, messages);
  }
}

asio::awaitable<void> writeMany(Lease /*lease*/, backing::Store& store,
                                std::vector<backing::Entry> entries, Messages messages) {
  for (const backing::Entry& entry : entries) checkKey("setMany", entry.key, messages);
  if (entries.empty()) co_return;
  try {
    if (entries.size() > 1) co_await keepLastOfEachKey(entries);
    auto pending = rest(store.write(entries), entries.size());
    if (pending.valid()) co_await std::move(pending);
  } catch (...) {
    rethrowAs("setMany", "", messages);
  }
}

asio::awaitable<void> remove(Lease /*lease*/, backing::Store& store, std::string key,
                             Messages messages) {
  checkKey("remove", key, messages);
  try {
    auto pending = rest(store.remove(key), 1);
    if (pending.valid()) co_await std::move(pending);
  } catch (...) {
    rethrowAs("remove", key, messages);
  }
}

asio::awaitable<void> removeMany(Lease /*lease*/, backing::Store& store,
                                 std::vector<std::string> keys, Messages messages) {
  for (const std::string& key : keys) checkKey("removeMany", key, messages);
  if (keys.empty()) co_return;
  try {
    auto pending = rest(store.removeMany(keys), keys.size());
    if (pending.valid()) co_await std::move(pending);
  } catch (...) {
    rethrowAs("removeMany", "", messages);
  }
}

asio::awaitable<std::optional<Unknown>> readBytes(backing::Store& store, const char* method,
                                                  std::string key, Messages messages) {
  checkKey(method, key, messages);
  Copied copied;
  try {
    auto pending = rest(store.readOne(key, copied), 1);
    if (pending.valid()) co_await std::move(pending);
  } catch (...) {
    rethrowAs(method, key, messages);
  }
  co_return std::move(copied.value);
}

asio::awaitable<bool> exchange(Lease /*lease*/, backing::Store& store, const char* method,
                               backing::Exchange exchange, Messages messages) {
  checkKey(method, exchange.key, messages);
  try {
    auto pending = rest(store.exchange(exchange), 1);
    if (pending.valid()) co_await std::move(pending);
  } catch (...) {
    rethrowAs(method, exchange.key, messages);
  }
  co_return exchange.done;
}

void throwOvertaken(const std::string& key, Messages messages) {
  try {
    throw backing::Failure(BackingErrc::overloaded,
                           "others were faster " + std::to_string(mostUpdateAttempts) + " times");
  } catch (...) {
    rethrowAs("update", key, messages);
  }
}

asio::awaitable<KeyPage> listKeys(Lease /*lease*/, backing::Store& store, KeyQuery query,
                                  Messages messages) {
  KeyPage page;
  try {
    auto pending = rest(store.keys(query, page), query.limit());
    if (pending.valid()) co_await std::move(pending);
  } catch (...) {
    rethrowAs("keys", "", messages);
  }
  co_return page;
}

asio::awaitable<void> clear(Lease /*lease*/, backing::Store& store, Messages messages) {
  try {
    auto pending = rest(store.clear(), 1);
    if (pending.valid()) co_await std::move(pending);
  } catch (...) {
    rethrowAs("clear", "", messages);
  }
}

asio::awaitable<void> removeInvalid(backing::Store& store, std::string key, Unknown found) {
  if (schema::holdsVersions(found.bytes())) co_return;
  backing::Exchange removal(std::move(key), std::move(found), std::nullopt);
  try {
    auto pending = rest(store.exchange(removal), 1);
    if (pending.valid()) co_await std::move(pending);
    co_return;
  } catch (const backing::Failure& failure) {
    if (failure.code() != BackingErrc::unsupported) co_return;
  } catch (...) {
    rethrowIfCancelled();
    co_return;
  }
  try {
    auto pending = rest(store.remove(removal.key), 1);
    if (pending.valid()) co_await std::move(pending);
  } catch (...) {
    rethrowIfCancelled();
  }
}

}  // namespace persistance::detail
