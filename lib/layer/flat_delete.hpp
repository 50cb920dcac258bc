#pragma once
/// @file
/// Destroys linked objects one after another and not one inside another.

#include <memory>
#include <utility>
#include <vector>

namespace persistance::layer::detail {

/// A deleter for the nodes of a graph: a node that dies while another one is dying waits until that
/// has ended, so a chain of any length dies on a flat native stack.
template <class T>
struct FlatDelete {
  void operator()(T* object) const noexcept {
    static thread_local std::vector<T*>* waiting = nullptr;
    if (waiting != nullptr) {
      waiting->push_back(object);
      return;
    }
    std::vector<T*> queue;
    waiting = &queue;
    delete object;
    while (!queue.empty()) {
      T* next = queue.back();
      queue.pop_back();
      delete next;
    }
    waiting = nullptr;
  }
};

template <class T, class... Arguments>
std::shared_ptr<T> makeFlat(Arguments&&... arguments) {
  return std::shared_ptr<T>(new T(std::forward<Arguments>(arguments)...), FlatDelete<T>());
}

}  // namespace persistance::layer::detail
