#pragma once
/// @file
/// Starting, watching and killing the worker.

#include <poll.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <cstdlib>
#include <functional>
#include <random>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace persistance::test {

/// The file that an environment variable names: the build says where its programs are.
inline std::string fromBuild(const char* variable) {
  const char* path = std::getenv(variable);
  if (path == nullptr) throw std::runtime_error(std::string(variable) + " is not set: use meson");
  return path;
}

inline unsigned long numberFrom(const char* variable, unsigned long otherwise) {
  const char* text = std::getenv(variable);
  return text != nullptr ? std::strtoul(text, nullptr, 10) : otherwise;
}

/// The seed of a run: given, or new each time; whoever prints it can have the run again.
inline unsigned long seedOfRun() {
  static const unsigned long seed = numberFrom("PERSISTANCE_SEED", std::random_device()());
  return seed;
}

/// A child process that runs `body`; killed at the latest when this ends.
class Child {
 public:
  /// As nobody where `asNobody`.
  explicit Child(const std::function<int()>& body, bool asNobody = false) : child_(::fork()) {
    if (child_ != 0) return;
    if (asNobody && (::setgid(65534) != 0 || ::setuid(65534) != 0)) ::_exit(99);
    int status = 98;
    try {
      status = body();
    } catch (...) {
    }
    ::_exit(status);
  }
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;
  ~Child() {
    kill();
    (void)status();
  }

  void kill() const {
    if (child_ > 0) ::kill(child_, SIGKILL);
  }
  /// Waits for its end: its exit code, or the negative number of the signal.
  int status() {
    int raw = 0;
    if (child_ > 0) ::waitpid(std::exchange(child_, -1), &raw, 0);
    return WIFEXITED(raw) ? WEXITSTATUS(raw) : -WTERMSIG(raw);
  }

 private:
  pid_t child_;
};

/// Runs `body` in a child process; gives its exit status, or -signal.
inline int inChild(const std::function<int()>& body, bool asNobody = false) {
  return Child(body, asNobody).status();
}

/// A pipe on which one process tells another that it has come so far.
class Signal {
 public:
  Signal() {
    if (::pipe(ends_) != 0) throw std::runtime_error("pipe");
  }
  Signal(const Signal&) = delete;
  Signal& operator=(const Signal&) = delete;
  ~Signal() {
    ::close(ends_[0]);
    ::close(ends_[1]);
  }
  void set() const {
    if (::write(ends_[1], "x", 1) != 1) ::_exit(97);
  }
  [[nodiscard]] bool wait() const {
    char byte = 0;
    pollfd one{ends_[0], POLLIN, 0};
    return ::poll(&one, 1, 30'000) == 1 && ::read(ends_[0], &byte, 1) == 1;
  }

 private:
  int ends_[2];
};

/// A child process whose standard output is numbers of 8 bytes.
class Worker {
 public:
  Worker(const std::vector<std::string>& arguments, const std::vector<std::string>& environment) {
    int ends[2];
    if (::pipe(ends) != 0) throw std::runtime_error("pipe");
    child_ = ::fork();
    if (child_ == 0) {
      ::dup2(ends[1], STDOUT_FILENO);
      ::close(ends[0]);
      ::close(ends[1]);
      for (const std::string& variable : environment) ::putenv(const_cast<char*>(variable.c_str()));
      std::vector<char*> argv;
      for (const std::string& argument : arguments)
        argv.push_back(const_cast<char*>(argument.c_str()));
      argv.push_back(nullptr);
      ::execv(argv.front(), argv.data());
      ::_exit(127);
    }
    ::close(ends[1]);
    output_ = ends[0];
  }
  Worker(const Worker&) = delete;
  Worker& operator=(const Worker&) = delete;
  ~Worker() {
    if (child_ > 0) {
      ::kill(child_, SIGKILL);
      ::waitpid(child_, nullptr, 0);
    }
    ::close(output_);
  }

  /// Whether a number comes within the time.
  bool hasSpoken(std::chrono::milliseconds within) const {
    pollfd one{output_, POLLIN, 0};
    return ::poll(&one, 1, static_cast<int>(within.count())) == 1;
  }
  void kill() const { ::kill(child_, SIGKILL); }

  /// All that it said, up to its end. Past the deadline it is killed, and `status` is -SIGALRM.
  std::vector<std::uint64_t> numbers(
      std::chrono::milliseconds deadline = std::chrono::seconds(60)) {
    std::vector<std::uint64_t> said;
    std::uint64_t number = 0;
    const auto end = std::chrono::steady_clock::now() + deadline;
    bool late = false;
    for (;;) {
      const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(
          end - std::chrono::steady_clock::now());
      if (!late && (left.count() <= 0 || !hasSpoken(left))) {
        late = true;
        kill();
      }
      if (::read(output_, &number, sizeof number) != sizeof number) break;
      said.push_back(number);
    }
    int raw = 0;
    ::waitpid(child_, &raw, 0);
    child_ = -1;
    status = WIFEXITED(raw) ? WEXITSTATUS(raw) : -WTERMSIG(raw);
    if (late) status = -SIGALRM;
    return said;
  }

  int status = 0;  ///< Exit code, or the negative number of the signal; after numbers().

 private:
  pid_t child_ = -1;
  int output_ = -1;
};

}  // namespace persistance::test
