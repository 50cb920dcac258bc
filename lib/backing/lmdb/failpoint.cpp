#include "backing/lmdb/failpoint.hpp"

#ifdef PERSISTANCE_FAILPOINTS

#include <signal.h>

#include <atomic>
#include <cstdlib>
#include <string>

namespace persistance::backing::lmdb {

void failpoint(std::string_view place) noexcept {
  static const char* const setting = std::getenv("PERSISTANCE_FAILPOINT");
  static std::atomic<long> passes = 0;
  if (setting == nullptr) return;
  const std::string_view text = setting;
  const std::size_t colon = text.find(':');
  if (text.substr(0, colon) != place) return;
  if (++passes == std::atol(setting + colon + 1)) ::raise(SIGKILL);
}

}  // namespace persistance::backing::lmdb

#endif
