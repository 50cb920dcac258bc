#pragma once
/// @file
/// What ends a whole process is tried in a child.

#include <sys/wait.h>

#include <chrono>
#include <csignal>
#include <string>
#include <thread>

#include "layers.hpp"

/// Sends this process a signal, from another one.
inline void raiseAfter(std::chrono::milliseconds duration, int signal) {
  const pid_t whom = ::getpid();
  if (::fork() != 0) return;
  std::this_thread::sleep_for(duration);
  ::kill(whom, signal);
  ::_exit(0);
}

/// Runs `f` in a child; gives its status.
template <class F>
int child(F f) {
  std::cout.flush();
  const pid_t pid = ::fork();
  if (pid == 0) {
    ::alarm(20);
    field::wrong = 0;
    int code = 99;
    try {
      code = f();
    } catch (const std::exception& e) {
      std::cerr << "thrown: " << e.what() << '\n';
      code = 98;
    }
    ::_exit(field::wrong ? 97 : code);
  }
  int status = 0;
  ::waitpid(pid, &status, 0);
  return status;
}

/// How a child ended.
inline std::string told(int status) {
  return WIFEXITED(status) ? "exit " + std::to_string(WEXITSTATUS(status))
                           : "signal " + std::to_string(WTERMSIG(status));
}
