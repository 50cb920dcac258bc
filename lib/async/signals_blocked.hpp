#pragma once
/// @file
/// Threads of the library's own leave signals alone.

#include <csignal>

namespace persistance::async {

/// Blocks every signal in this thread, and in those that it starts, for as long as it lives: the
/// library's threads leave the program's signals to the program, and a file at its size limit is
/// EFBIG there, not SIGXFSZ.
class SignalsBlocked {
 public:
  SignalsBlocked() noexcept {
    sigset_t all;
    ::sigfillset(&all);
    ::pthread_sigmask(SIG_SETMASK, &all, &before_);
  }
  SignalsBlocked(const SignalsBlocked&) = delete;
  SignalsBlocked& operator=(const SignalsBlocked&) = delete;
  ~SignalsBlocked() { ::pthread_sigmask(SIG_SETMASK, &before_, nullptr); }

 private:
  sigset_t before_;
};

}  // namespace persistance::async
