#pragma once
/// @file
/// What has to be checked because LMDB does not: one opener per process, no use after fork, one
/// creator at a time.

#include "backing/lmdb/failure.hpp"

#include <signal.h>
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

 private:
  int fd_ = -1;
};

/// This process's claim on one data file. LMDB lets a process open a file twice, and closing
/// one of the two then drops the locks of both.
class FileClaim {
 public:
  FileClaim() = default;
  /// @par Errors  `alreadyOpen`: under whatever path, link or mount.
  FileClaim(dev_t device, ino_t inode);
  FileClaim(FileClaim&& other) noexcept
      : file_(other.file_), held_(std::exchange(other.held_, false)) {}
  FileClaim& operator=(FileClaim&& other) noexcept {
    std::swap(file_, other.file_);
    std::swap(held_, other.held_);
    return *this;
  }
  ~FileClaim();

 private:
  std::pair<dev_t, ino_t> file_{};
  bool held_ = false;
};

/// Keeps other processes from opening or creating in `directory` meanwhile.
/// @par Errors  `timeout` past the deadline; what the operating system says.
[[nodiscard]] FileDescriptor lockDirectory(const std::filesystem::path& directory,
                                           std::chrono::steady_clock::time_point deadline);

/// Tells whether the process that made it has forked and this is the child, at the cost of a load.
class ForkGuard {
 public:
  ForkGuard();
  [[nodiscard]] bool inChild() const noexcept;

 private:
  unsigned generation_;
};

/// Blocks every signal in this thread, and in those that it starts, for as long as it lives: the
/// library's threads leave the program's signals to the program, and a file at its size limit is
/// EFBIG there, not SIGXFSZ.
class SignalsBlocked {
 public:
  SignalsBlocked() noexcept;
  SignalsBlocked(const SignalsBlocked&) = delete;
  SignalsBlocked& operator=(const SignalsBlocked&) = delete;
  ~SignalsBlocked();

 private:
  sigset_t before_;
};

}  // namespace persistance::backing::lmdb
