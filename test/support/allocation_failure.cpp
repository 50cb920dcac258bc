#include "support/allocation_failure.hpp"

#include <cstdlib>

namespace persistance::test {

AllocationState& allocationState() noexcept {
  thread_local AllocationState state;
  return state;
}

namespace {

void* allocate(std::size_t size) {
  AllocationState& state = allocationState();
  if (state.active) {
    ++state.count;
    const bool fails = state.persistent ? state.count >= state.failAt : state.count == state.failAt;
    if (state.failAt != 0 && fails) throw std::bad_alloc();
  }
  if (void* memory = std::malloc(size == 0 ? 1 : size)) return memory;
  throw std::bad_alloc();
}

}  // namespace
}  // namespace persistance::test

void* operator new(std::size_t size) { return persistance::test::allocate(size); }
void* operator new[](std::size_t size) { return persistance::test::allocate(size); }
void* operator new(std::size_t size, const std::nothrow_t&) noexcept {
  try {
    return persistance::test::allocate(size);
  } catch (const std::bad_alloc&) {
    return nullptr;
  }
}
void operator delete(void* memory) noexcept { std::free(memory); }
void operator delete[](void* memory) noexcept { std::free(memory); }
void operator delete(void* memory, const std::nothrow_t&) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }
void operator delete[](void* memory, std::size_t) noexcept { std::free(memory); }
