#include "backing/lmdb/operation.hpp"

#include <numeric>

namespace persistance::backing::lmdb {

namespace {

constexpr std::uint64_t pageSize = 4096;  // the usual one; this is an estimate

/// What an entry of a page takes: its head and its place in the list of entries beside its bytes. One
/// that is longer than half a page has pages of its own.
std::uint64_t inPages(std::uint64_t key, std::uint64_t value) {
  constexpr std::uint64_t head = 10;
  if (head + key + value < pageSize / 2) return head + key + value;
  return head + key + (value / pageSize + 1) * pageSize;
}

std::uint64_t sizeInFile(const Put& put) {
  const bool isLong = needsDigest(put.key);
  const std::uint64_t name = nameSize(put.key);
  const std::uint64_t sealed =
      sealedSize(isLong ? put.key : std::string_view(), put.value.bytes().size());
  return inPages(name, sealed) + (put.expires == never ? 0 : inPages(name + timeSize, 0));
}

}  // namespace

std::span<const Put> Operation::puts() const noexcept {
  if (const auto* all = std::get_if<PutAll>(&change)) return all->entries;
  const auto* set = std::get_if<CompareAndSet>(&change);
  if (set != nullptr && set->desired) return {&*set->desired, 1};
  return {};
}

std::uint64_t Operation::size() const noexcept {
  const auto all = puts();
  return std::accumulate(all.begin(), all.end(), std::uint64_t{0},
                         [](std::uint64_t sum, const Put& put) { return sum + sizeInFile(put); });
}

std::uint64_t Operation::memory() const noexcept {
  std::uint64_t sum = 0;
  for (const Put& put : puts()) sum += put.key.size() + put.value.bytes().size();
  if (const auto* remove = std::get_if<RemoveAll>(&change))
    for (const std::string& key : remove->keys) sum += key.size();
  if (const auto* set = std::get_if<CompareAndSet>(&change))
    sum += set->key.size() + (set->expected ? set->expected->bytes().size() : 0);
  return sum;
}

}  // namespace persistance::backing::lmdb
