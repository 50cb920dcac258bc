#pragma once
/// @file
/// Memory maps of a file: one of our own, and where LMDB's is.

#include "backing/lmdb/format.hpp"

namespace persistance::backing::lmdb {

/// A file, mapped for reading.
class FileMap {
 public:
  /// @par Errors  LmdbError.
  FileMap(int fd, std::uint64_t size);
  explicit FileMap(int fd);
  FileMap(const FileMap&) = delete;
  FileMap& operator=(const FileMap&) = delete;
  ~FileMap();

  [[nodiscard]] Bytes bytes() const noexcept {
    return {static_cast<const std::byte*>(data_), size_};
  }

 private:
  std::uint64_t size_;
  void* data_;
};

/// The mapping of this process that `inside` points into; empty where the system does not tell.
/// LMDB does not say where its map is; a record in it does.
[[nodiscard]] Bytes mappingAround(const void* inside);

}  // namespace persistance::backing::lmdb
