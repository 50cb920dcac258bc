#include "backing/lmdb/mapping.hpp"

#include "backing/lmdb/failure.hpp"
#include "backing/lmdb/growth.hpp"

#include <sys/mman.h>

#include <cerrno>
#include <cstdio>
#include <fstream>

namespace persistance::backing::lmdb {

FileMap::FileMap(int fd, std::uint64_t size)
    : size_(size), data_(::mmap(nullptr, size, PROT_READ, MAP_SHARED, fd, 0)) {
  if (data_ == MAP_FAILED) throw LmdbError(errno, "mapping the data file");
}

FileMap::FileMap(int fd) : FileMap(fd, sizeOf(fd)) {}

FileMap::~FileMap() { ::munmap(data_, size_); }

Bytes mappingAround(const void* inside) {
  const auto at = reinterpret_cast<unsigned long>(inside);
  std::ifstream maps("/proc/self/maps");
  for (std::string line; std::getline(maps, line);) {
    unsigned long begin = 0;
    unsigned long end = 0;
    if (std::sscanf(line.c_str(), "%lx-%lx", &begin, &end) == 2 && begin <= at && at < end)
      return {reinterpret_cast<const std::byte*>(begin), end - begin};
  }
  return {};
}

}  // namespace persistance::backing::lmdb
