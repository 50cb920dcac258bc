#include "backing/lmdb/guards.hpp"

#include <fcntl.h>
#include <pthread.h>
#include <sys/file.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <mutex>
#include <set>
#include <thread>

namespace persistance::backing::lmdb {

namespace {

std::atomic<unsigned> forks = 0;

/// What this process holds, and the child of a fork must not.
class Held {
 public:
  /// Never destroyed: a store may outlive every static object.
  static Held& get() {
    static Held* const held = new Held;
    return *held;
  }

  std::mutex mutex;  // guards all below; held during a fork, so that the child finds all whole
  std::set<std::pair<dev_t, ino_t>> files;
  std::set<int>
      locks;  // descriptors of directories: a child shares their locks until it closes them

 private:
  Held() {
    check(::pthread_atfork([] { get().mutex.lock(); }, [] { get().mutex.unlock(); },
                           [] { get().beginAnew(); }),
          "registering with fork");
  }

  void beginAnew() {
    forks.fetch_add(1, std::memory_order_relaxed);
    files.clear();
    for (const int fd : locks) ::close(fd);
    locks.clear();
    mutex.unlock();
  }
};

}  // namespace

FileDescriptor::~FileDescriptor() {
  if (fd_ >= 0) ::close(fd_);
}

FileClaim::FileClaim(dev_t device, ino_t inode) : file_(device, inode) {
  Held& held = Held::get();
  const std::lock_guard lock(held.mutex);
  held_ = held.files.insert(file_).second;
  if (!held_) throw Failure(BackingErrc::alreadyOpen, "the data file is open in this process");
  forks_ = forks.load(std::memory_order_relaxed);
}

FileClaim::~FileClaim() {
  if (!held_) return;
  Held& held = Held::get();
  const std::lock_guard lock(held.mutex);
  if (forks_ == forks.load(std::memory_order_relaxed)) held.files.erase(file_);
}

DirectoryLock::DirectoryLock(const std::filesystem::path& directory,
                             std::chrono::steady_clock::time_point deadline) {
  FileDescriptor fd(::open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (fd.get() < 0) throw LmdbError(errno, "opening " + directory.string());
  for (;;) {
    {
      // Locked and noted at once, so that no fork comes in between.
      const std::lock_guard lock(Held::get().mutex);
      if (::flock(fd.get(), LOCK_EX | LOCK_NB) == 0) {
        Held::get().locks.insert(fd.get());
        fd_ = fd.release();
        return;
      }
    }
    if (errno != EWOULDBLOCK && errno != EINTR)
      throw LmdbError(errno, "locking " + directory.string());
    if (std::chrono::steady_clock::now() >= deadline)
      throw Failure(BackingErrc::timeout, "another process keeps opening " + directory.string());
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
}

DirectoryLock::~DirectoryLock() {
  const std::lock_guard lock(Held::get().mutex);
  if (Held::get().locks.erase(fd_) != 0) ::close(fd_);  // else this is the child of a fork
}

ForkGuard::ForkGuard() {
  (void)Held::get();
  forks_ = forks.load(std::memory_order_relaxed);
}

bool ForkGuard::inChild() const noexcept { return forks.load(std::memory_order_relaxed) != forks_; }

}  // namespace persistance::backing::lmdb
