#include "backing/lmdb/guards.hpp"

#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <sys/file.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <mutex>
#include <set>
#include <thread>

namespace persistance::backing::lmdb {

namespace {

struct Claims {
  std::mutex mutex;
  std::set<std::pair<dev_t, ino_t>> files;
};

/// Never destroyed: a store may outlive every static object.
Claims& claims() {
  static Claims* const all = new Claims;
  return *all;
}

std::atomic<unsigned> forks = 0;

}  // namespace

FileDescriptor::~FileDescriptor() {
  if (fd_ >= 0) ::close(fd_);
}

FileClaim::FileClaim(dev_t device, ino_t inode) : file_(device, inode) {
  const std::lock_guard lock(claims().mutex);
  held_ = claims().files.insert(file_).second;
  if (!held_) throw Failure(BackingErrc::alreadyOpen, "the data file is open in this process");
}

FileClaim::~FileClaim() {
  if (!held_) return;
  const std::lock_guard lock(claims().mutex);
  claims().files.erase(file_);
}

FileDescriptor lockDirectory(const std::filesystem::path& directory,
                             std::chrono::steady_clock::time_point deadline) {
  FileDescriptor fd(::open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (fd.get() < 0) throw LmdbError(errno, "opening " + directory.string());
  while (::flock(fd.get(), LOCK_EX | LOCK_NB) != 0) {
    if (errno != EWOULDBLOCK && errno != EINTR)
      throw LmdbError(errno, "locking " + directory.string());
    if (std::chrono::steady_clock::now() >= deadline)
      throw Failure(BackingErrc::timeout, "another process keeps opening " + directory.string());
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
  return fd;
}

ForkGuard::ForkGuard() {
  static const int registered =
      ::pthread_atfork(nullptr, nullptr, [] { forks.fetch_add(1, std::memory_order_relaxed); });
  check(registered, "registering with fork");
  generation_ = forks.load(std::memory_order_relaxed);
}

bool ForkGuard::inChild() const noexcept {
  return forks.load(std::memory_order_relaxed) != generation_;
}

SignalsBlocked::SignalsBlocked() noexcept {
  sigset_t all;
  ::sigfillset(&all);
  ::pthread_sigmask(SIG_SETMASK, &all, &before_);
}

SignalsBlocked::~SignalsBlocked() { ::pthread_sigmask(SIG_SETMASK, &before_, nullptr); }

}  // namespace persistance::backing::lmdb
