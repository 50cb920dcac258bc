#include "backing/lmdb/operation.hpp"

#include <numeric>

namespace persistance::backing::lmdb {

std::uint64_t Operation::size() const noexcept {
  const auto* puts = std::get_if<PutAll>(&change);
  if (puts == nullptr) return 0;
  constexpr std::uint64_t perEntry = 2 * maxKeyInDatabase;  // the names, and the pages' own needs
  return std::accumulate(puts->entries.begin(), puts->entries.end(), std::uint64_t{0},
                         [](std::uint64_t sum, const Put& put) {
                           return sum + perEntry + put.key.size() + put.value.bytes().size();
                         });
}

}  // namespace persistance::backing::lmdb
