#pragma once
/// Runs something on a thread whose stack is small, so that a recursion over ten thousand things
/// does not go unnoticed.

#include <pthread.h>

#include <exception>
#include <functional>
#include <stdexcept>

namespace persistance::test {

inline void onSmallStack(std::function<void()> body) {
  constexpr std::size_t size = std::size_t{512} * 1024;
  struct Run {
    std::function<void()> body;
    std::exception_ptr error;
  } run{std::move(body), nullptr};
  const auto entry = [](void* argument) -> void* {
    Run& it = *static_cast<Run*>(argument);
    try {
      it.body();
    } catch (...) {
      it.error = std::current_exception();
    }
    return nullptr;
  };
  pthread_attr_t attributes;
  pthread_t thread{};
  pthread_attr_init(&attributes);
  pthread_attr_setstacksize(&attributes, size);
  const int failed = pthread_create(&thread, &attributes, entry, &run);
  pthread_attr_destroy(&attributes);
  if (failed != 0) throw std::runtime_error("no thread with a small stack");
  pthread_join(thread, nullptr);
  if (run.error) std::rethrow_exception(run.error);
}

}  // namespace persistance::test
