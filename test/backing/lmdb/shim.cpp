// Preloaded before a program, this stands between LMDB and the system for one file, `data.mdb`. It
// writes down what is written and synced, and it fails the call that it is told to fail.
//
//   SHIM_LOG=file                    every write, sync and size change, and every acknowledgement
//                                    (a write of 8 bytes to the standard output), in their order
//   SHIM_FAULT=call:what:n[:ever]    call: write sync size; what: EIO ENOSPC EINTR short kill;
//                                    the nth such call, or all from it on
//   SHIM_HIT=file                    is made when a fault was injected

#undef _FILE_OFFSET_BITS  // which would give one name to both of each pair below

#include <dlfcn.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <mutex>
#include <string>
#include <vector>

#include "shim_log.hpp"

namespace {

using persistance::test::LogHead;
using persistance::test::LogKind;

struct Fault {
  std::string call;
  std::string what;
  long nth = 0;
  bool forEver = false;
};

Fault parse(const char* text) {
  Fault fault;
  if (text == nullptr) return fault;
  std::vector<std::string> parts(1);
  for (; *text != '\0'; ++text) {
    if (*text == ':')
      parts.emplace_back();
    else
      parts.back() += *text;
  }
  parts.resize(4);
  return {parts[0], parts[1], std::atol(parts[2].c_str()), parts[3] == "ever"};
}

const Fault& fault() {
  static const Fault one = parse(std::getenv("SHIM_FAULT"));
  return one;
}

std::atomic<long> calls = 0;

/// Whether this call is the one, or one of those, that fail.
bool strikes(const char* call) {
  if (fault().call != call) return false;
  const long now = ++calls;
  if (now != fault().nth && !(fault().forEver && now > fault().nth)) return false;
  if (const char* hit = std::getenv("SHIM_HIT"))
    ::close(static_cast<int>(::syscall(SYS_open, hit, O_CREAT | O_WRONLY, 0666)));
  if (fault().what == "kill") ::raise(SIGKILL);
  return true;
}

int errorOfFault() {
  if (fault().what == "ENOSPC") return ENOSPC;
  if (fault().what == "EINTR") return EINTR;
  return EIO;
}

bool isDataFile(int fd) {
  char path[4096];
  const std::string link = "/proc/self/fd/" + std::to_string(fd);
  const ssize_t size = ::readlink(link.c_str(), path, sizeof path);
  constexpr std::string_view name = "/data.mdb";
  return size > 0 && std::string_view(path, static_cast<std::size_t>(size)).ends_with(name);
}

void log(LogKind kind, bool durable, std::uint64_t offset, const void* bytes, std::size_t size) {
  static std::mutex mutex;
  static const char* const path = std::getenv("SHIM_LOG");
  if (path == nullptr) return;
  const std::lock_guard lock(mutex);
  static const int fd =
      static_cast<int>(::syscall(SYS_open, path, O_CREAT | O_WRONLY | O_APPEND, 0666));
  const LogHead head{kind, durable, offset, size};
  const iovec parts[2] = {{const_cast<LogHead*>(&head), sizeof head},
                          {const_cast<void*>(bytes), bytes == nullptr ? 0 : size}};
  (void)!::syscall(SYS_writev, fd, parts, 2);
}

ssize_t written(int fd, const iovec* parts, int count, off_t offset) {
  std::string bytes;
  for (int i = 0; i < count; ++i)
    bytes.append(static_cast<const char*>(parts[i].iov_base), parts[i].iov_len);
  std::size_t size = bytes.size();
  if (strikes("write")) {
    if (fault().what != "short") {
      errno = errorOfFault();
      return -1;
    }
    size /= 2;
  }
  const bool durable = (::fcntl(fd, F_GETFL) & O_DSYNC) != 0;
  log(LogKind::write, durable, static_cast<std::uint64_t>(offset), bytes.data(), size);
  return ::syscall(SYS_pwrite64, fd, bytes.data(), size, offset);
}

int synced(int fd, long number) {
  if (!isDataFile(fd)) return static_cast<int>(::syscall(number, fd));
  if (strikes("sync")) {
    errno = errorOfFault();
    return -1;
  }
  const auto rc = static_cast<int>(::syscall(number, fd));
  log(LogKind::sync, true, 0, nullptr, 0);
  return rc;
}

int sized(int fd, std::uint64_t size, long number, long a, long b, long c) {
  if (!isDataFile(fd)) return static_cast<int>(::syscall(number, fd, a, b, c));
  if (strikes("size")) {
    errno = errorOfFault();
    return -1;
  }
  log(LogKind::size, false, size, nullptr, 0);
  return static_cast<int>(::syscall(number, fd, a, b, c));
}

}  // namespace

extern "C" {

ssize_t pwrite(int fd, const void* bytes, size_t size, off_t offset) {
  if (!isDataFile(fd)) return ::syscall(SYS_pwrite64, fd, bytes, size, offset);
  const iovec part{const_cast<void*>(bytes), size};
  return written(fd, &part, 1, offset);
}
ssize_t pwrite64(int fd, const void* bytes, size_t size, off64_t offset) {
  return pwrite(fd, bytes, size, offset);
}
ssize_t pwritev(int fd, const iovec* parts, int count, off_t offset) {
  if (!isDataFile(fd)) return ::syscall(SYS_pwritev, fd, parts, count, offset, 0);
  return written(fd, parts, count, offset);
}
ssize_t writev(int fd, const iovec* parts, int count) {
  if (!isDataFile(fd)) return ::syscall(SYS_writev, fd, parts, count);
  const off_t offset = ::lseek(fd, 0, SEEK_CUR);
  return written(fd, parts, count, offset);
}
ssize_t write(int fd, const void* bytes, size_t size) {
  if (fd == STDOUT_FILENO && size == 8) log(LogKind::acknowledged, true, 0, bytes, size);
  return ::syscall(SYS_write, fd, bytes, size);
}
int fdatasync(int fd) { return synced(fd, SYS_fdatasync); }
int fsync(int fd) { return synced(fd, SYS_fsync); }
int ftruncate(int fd, off_t size) noexcept {
  return sized(fd, static_cast<std::uint64_t>(size), SYS_ftruncate, size, 0, 0);
}
int ftruncate64(int fd, off64_t size) noexcept { return ftruncate(fd, size); }
int fallocate(int fd, int mode, off_t offset, off_t size) {
  return sized(fd, static_cast<std::uint64_t>(offset + size), SYS_fallocate, mode, offset, size);
}
int fallocate64(int fd, int mode, off64_t offset, off64_t size) {
  return fallocate(fd, mode, offset, size);
}

}  // extern "C"
