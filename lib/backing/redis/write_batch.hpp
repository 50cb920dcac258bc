#pragma once
/// @file
/// Many requests, gathered for one write.

#include <string>
#include <vector>

#include "backing/redis/net.hpp"
#include "backing/redis/request.hpp"

namespace persistance::backing::redis {

/// Small requests travel side by side in one buffer, large ones from where they are.
class WriteBatch {
 public:
  /// What the next write sends.
  std::vector<RequestPtr> requests;

  /// The buffers of one write; they stay valid until clear() or the next call.
  [[nodiscard]] const std::vector<asio::const_buffer>& gather();

  void clear() noexcept { requests.clear(); }

 private:
  void endSmall(std::size_t& begin);

  std::string small_;
  std::vector<asio::const_buffer> buffers_;
};

}  // namespace persistance::backing::redis
