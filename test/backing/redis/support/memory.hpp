#pragma once
/// How much memory the process took.

#include <cstddef>
#include <fstream>
#include <string>

namespace persistance::test {

/// The most memory that this process has ever had, in bytes.
inline std::size_t peakMemory() {
  std::ifstream status("/proc/self/status");
  for (std::string word; status >> word;) {
    std::size_t kilobytes = 0;
    if (word == "VmHWM:" && status >> kilobytes) return kilobytes * 1024;
  }
  return 0;
}

}  // namespace persistance::test
