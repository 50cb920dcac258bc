#pragma once
/// @file
/// What has to be checked because LMDB does not: one opener per process, no use after fork, one
/// creator at a time.

#include "backing/lmdb/failure.hpp"

#include <sys/types.h>

#include <chrono>
#include <filesystem>
#include <utility>

namespace persistance::backing::lmdb {

/// A file descriptor, owned.
class FileDescriptor {
 public:
  FileDescriptor() = default;
  explicit FileDescriptor(int fd) noexcept : fd_(fd) {}
  FileDescriptor(FileDescriptor&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  FileDescriptor& operator=(FileDescriptor&& other) noexcept {
    std::swap(fd_, other.fd_);
    return *this;
  }
  ~FileDescriptor();
  [[nodiscard]] int get() const noexcept { return fd_; }
  [[nodiscard]] int release() noexcept { return std::exchange(fd_, -1); }

 private:
  int fd_ = -1;
};

/// This process's claim on one data file. LMDB lets a process open a file twice, and closing one of
/// the two then drops the locks of both. The child of a fork begins without claims.
class FileClaim {
 public:
  FileClaim() = default;
  /// @par Errors  `alreadyOpen`: under whatever path, link or mount.
  FileClaim(dev_t device, ino_t inode);
  FileClaim(FileClaim&& other) noexcept { swap(other); }
  FileClaim& operator=(FileClaim&& other) noexcept {
    swap(other);
    return *this;
  }
  ~FileClaim();

 private:
  void swap(FileClaim& other) noexcept {
    std::swap(file_, other.file_);
    std::swap(forks_, other.forks_);
    std::swap(held_, other.held_);
  }

  std::pair<dev_t, ino_t> file_{};
  unsigned forks_ = 0;  // how many there had been when it was made
  bool held_ = false;
};

/// Keeps other processes from creating or opening a store in a directory. The child of a fork does
/// not hold it.
class DirectoryLock {
 public:
  /// @par Errors  `timeout` past the deadline; what the operating system says.
  DirectoryLock(const std::filesystem::path& directory,
                std::chrono::steady_clock::time_point deadline);
  DirectoryLock(const DirectoryLock&) = delete;
  DirectoryLock& operator=(const DirectoryLock&) = delete;
  ~DirectoryLock();

 private:
  int fd_;
};

/// Tells whether the process that made it has forked and this is the child, at the cost of a load.
class ForkGuard {
 public:
  ForkGuard();
  [[nodiscard]] bool inChild() const noexcept;

 private:
  unsigned forks_;
};

}  // namespace persistance::backing::lmdb
