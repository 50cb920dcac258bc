#pragma once
/// How much memory the process took.

#include <cstddef>
#include <fstream>
#include <string>

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
extern "C" std::size_t __sanitizer_get_current_allocated_bytes();  // g++ has no header for it
#else
#include <malloc.h>
#endif

namespace persistance::test {

/// What a sanitizer keeps of the memory that was freed, to see a use of it.
#if defined(__SANITIZE_ADDRESS__)
inline constexpr std::size_t quarantine = std::size_t{256} << 20;
#else
inline constexpr std::size_t quarantine = 0;
#endif

/// The bytes that are allocated now. A sanitizer's allocator counts them itself.
inline std::size_t liveBytes() {
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
  return __sanitizer_get_current_allocated_bytes();
#else
  const auto info = ::mallinfo2();
  return info.uordblks + info.hblkhd;
#endif
}

/// The most memory that this process has had since a PeakMemory was made.
class PeakMemory {
 public:
  PeakMemory() {
    std::ofstream("/proc/self/clear_refs") << "5";  // the peak begins anew
    before_ = peak();
  }

  /// In bytes, beyond what it had then.
  [[nodiscard]] std::size_t grown() const { return peak() - before_; }

 private:
  static std::size_t peak() {
    std::ifstream status("/proc/self/status");
    for (std::string word; status >> word;) {
      std::size_t kilobytes = 0;
      if (word == "VmHWM:" && status >> kilobytes) return kilobytes * 1024;
    }
    return 0;
  }

  std::size_t before_ = 0;
};

}  // namespace persistance::test
