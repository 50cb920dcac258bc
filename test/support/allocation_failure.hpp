#pragma once
/// Counts and fails allocations of this thread, through the test program's operator new.

#include <new>

namespace persistance::test {

/// Of this thread, while a Counting or failsAllocating runs.
struct AllocationState {
  bool active = false;
  long count = 0;
  long failAt = 0;          // 0: never
  bool persistent = false;  // all from failAt on, not only that one
};
AllocationState& allocationState() noexcept;

/// How many allocations `body` makes.
template <class Body>
long allocations(Body body) {
  allocationState() = AllocationState{true, 0, 0, false};
  body();
  const long count = allocationState().count;
  allocationState() = AllocationState();
  return count;
}

/// Runs `body` while its nth allocation fails; true if it ended with bad_alloc for that.
template <class Body>
bool failsAllocating(int nth, bool persistent, Body body) {
  allocationState() = AllocationState{true, 0, nth, persistent};
  try {
    body();
  } catch (const std::bad_alloc&) {
    allocationState() = AllocationState();
    return true;
  }
  allocationState() = AllocationState();
  return false;
}

}  // namespace persistance::test
