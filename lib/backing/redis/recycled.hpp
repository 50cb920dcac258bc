#pragma once
/// @file
/// Memory of small objects that come and go with each operation.

#include <cstddef>
#include <memory>
#include <new>

namespace persistance::backing::redis {

/// An allocator that keeps some blocks for the next object of the thread that drops one: many
/// operations at once need as many blocks at once, which is what malloc's own caches are too small
/// for. In a sanitizer's build there is none, for it would hide a use after the end.
template <class T>
class Recycled {
 public:
  using value_type = T;

  Recycled() = default;
  template <class U>
  Recycled(const Recycled<U>&) noexcept {}  // NOLINT(google-explicit-constructor): as allocators do

  [[nodiscard]] T* allocate(std::size_t count) {
    if (count != 1 || kept.first == nullptr) return std::allocator<T>().allocate(count);
    --kept.count;
    void* const block = kept.first;
    kept.first = kept.first->next;
    return static_cast<T*>(block);
  }

  void deallocate(T* block, std::size_t count) noexcept {
    if (count != 1 || kept.count >= sweep.limit()) {
      return std::allocator<T>().deallocate(block, count);
    }
    ++kept.count;
    kept.first = new (block) Block{kept.first};
  }

  friend bool operator==(const Recycled&, const Recycled&) noexcept { return true; }

 private:
  struct Block {
    Block* next;
  };
  static_assert(sizeof(T) >= sizeof(Block) && alignof(T) >= alignof(Block));

  /// Of one thread.
  struct Kept {
    Block* first;
    std::size_t count;
    bool gone;  // the thread ends; destructors of statics may still come here
  };

  struct Sweep {
    [[nodiscard]] static std::size_t limit() noexcept {
#ifdef ASIO_DISABLE_AWAITABLE_FRAME_RECYCLING
      return 0;
#else
      return kept.gone ? 0 : 256;
#endif
    }

    ~Sweep() {
      kept.gone = true;
      while (kept.first != nullptr) {
        Block* const block = kept.first;
        kept.first = block->next;
        std::allocator<T>().deallocate(reinterpret_cast<T*>(block), 1);
      }
    }
  };

  inline static thread_local Kept kept{};
  inline static thread_local Sweep sweep;
};

}  // namespace persistance::backing::redis
