#pragma once
/// @file
/// Destroys linked objects one after another and not one inside another.

#include <algorithm>
#include <cstddef>
#include <memory>
#include <utility>
#include <vector>

#include "steps.hpp"

namespace persistance::layer::detail {

/// A deleter for the members of a graph: one that dies while another one is dying waits until that
/// has ended, so a chain of any length dies on a flat native stack; in the order of a destruction one
/// inside another.
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
    for (T* next = object; next != nullptr;) {
      const auto before = static_cast<std::ptrdiff_t>(queue.size());
      delete next;
      std::reverse(queue.begin() + before, queue.end());
      next = queue.empty() ? nullptr : queue.back();
      if (next != nullptr) queue.pop_back();
    }
    waiting = nullptr;
  }
};

template <class T, class... Arguments>
std::shared_ptr<T> makeFlat(Arguments&&... arguments) {
  return std::shared_ptr<T>(new T(std::forward<Arguments>(arguments)...), FlatDelete<T>());
}

template <class Kind, class... Arguments>
RecipePtr makeRecipe(Arguments&&... arguments) {
  return RecipePtr(static_cast<const Recipe*>(new Kind(std::forward<Arguments>(arguments)...)),
                   FlatDelete<const Recipe>());
}

}  // namespace persistance::layer::detail
