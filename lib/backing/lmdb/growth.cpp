#include "backing/lmdb/growth.hpp"

#include "backing/lmdb/failure.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

namespace persistance::backing::lmdb {

namespace {

constexpr std::uint64_t mebi = std::uint64_t{1} << 20;

std::uint64_t roundedUp(std::uint64_t size) { return (size + granule - 1) / granule * granule; }

}  // namespace

std::uint64_t grownFile(std::uint64_t current, std::uint64_t need, std::uint64_t limit) noexcept {
  const std::uint64_t step = current < 64 * mebi ? current : current / 4;
  // Pages are two thirds full where keys come in no order, and the paths to them are copied, too.
  const std::uint64_t wanted = roundedUp(current + std::max(step, need + need / 2 + 16 * granule));
  return std::min(wanted, std::max(limit / granule * granule, current));
}

// One removal copies a dozen pages at most, and what it frees is free again two commits later.
std::uint64_t reserveOf(std::uint64_t fileSize) noexcept {
  const std::uint64_t wanted = std::clamp(fileSize / 8, 2 * granule, 64 * granule);
  return std::min(wanted, fileSize / 2) / granule * granule;
}

std::uint64_t sizeOf(int fd) {
  struct ::stat result{};
  if (::fstat(fd, &result) != 0) throw LmdbError(errno, "looking at the data file");
  return static_cast<std::uint64_t>(result.st_size);
}

void allocateFile(int fd, std::uint64_t from, std::uint64_t to) {
  int rc = 0;
  do {
    rc = ::fallocate(fd, 0, static_cast<off_t>(from), static_cast<off_t>(to - from));
  } while (rc != 0 && errno == EINTR);
  if (rc != 0 && (errno == EOPNOTSUPP || errno == ENOSYS))
    rc = ::ftruncate(fd, static_cast<off_t>(to));
  if (rc != 0) throw LmdbError(errno, "growing the data file");
}

}  // namespace persistance::backing::lmdb
