#include <persistance/detail/byte_operations.hpp>

#include <persistance/detail/guard.hpp>
#include <persistance/schema/versioned.hpp>

#include <unordered_set>
#include <utility>

namespace persistance::detail {
namespace {

// Keeps the last of each repeated key, in the order that is left.
void keepLastOfEachKey(std::vector<backing::Entry>& entries) {
  std::unordered_set<std::string_view> seen;
  std::vector<std::size_t> indices;
  for (std::size_t i = entries.size(); i-- > 0;)
    if (seen.insert(entries[i].key).second) indices.push_back(i);
  if (indices.size() == entries.size()) return;
  std::vector<backing::Entry> kept;
  kept.reserve(indices.size());
  for (auto i = indices.rbegin(); i != indices.rend(); ++i) kept.push_back(std::move(entries[*i]));
  entries = std::move(kept);
}

}  // namespace

asio::awaitable<void> write(StorePointer store, backing::Entry entry, Messages messages) {
  checkKey("set", entry.key, messages);
  try {
    auto pending = rest(store->write({&entry, 1}), 1);
    if (pending.valid()) co_await std::move(pending);
  } catch (...) {
    rethrowAs("set", entry.key, messages);
  }
}

asio::awaitable<void> writeMany(StorePointer store, std::vector<backing::Entry> entries,
                                Messages messages) {
  for (const backing::Entry& entry : entries) checkKey("setMany", entry.key, messages);
  if (entries.empty()) co_return;
  try {
    keepLastOfEachKey(entries);
    auto pending = rest(store->write(entries), entries.size());
    if (pending.valid()) co_await std::move(pending);
  } catch (...) {
    rethrowAs("setMany", "", messages);
  }
}

asio::awaitable<void> remove(StorePointer store, std::string key, Messages messages) {
  checkKey("remove", key, messages);
  try {
    auto pending = rest(store->remove(key), 1);
    if (pending.valid()) co_await std::move(pending);
  } catch (...) {
    rethrowAs("remove", key, messages);
  }
}

asio::awaitable<void> clear(StorePointer store, Messages messages) {
  try {
    auto pending = rest(store->clear(), 1);
    if (pending.valid()) co_await std::move(pending);
  } catch (...) {
    rethrowAs("clear", "", messages);
  }
}

asio::awaitable<void> removeInvalid(StorePointer store, std::string key, Unknown found) {
  if (schema::holdsVersions(found.bytes())) co_return;
  try {
    auto pending = rest(store->removeIfUnchanged(key, found.bytes()), 1);
    if (pending.valid()) co_await std::move(pending);
  } catch (...) {
    rethrowIfCancelled();
  }
}

}  // namespace persistance::detail
