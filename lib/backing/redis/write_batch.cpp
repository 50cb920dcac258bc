#include "backing/redis/write_batch.hpp"

namespace persistance::backing::redis {
namespace {

constexpr std::size_t largeRequest = 16384;

bool large(const RequestPtr& request) { return request->wire.size() >= largeRequest; }

}  // namespace

const std::vector<asio::const_buffer>& WriteBatch::gather() {
  small_.clear();
  buffers_.clear();
  std::size_t total = 0;
  for (const RequestPtr& request : requests) {
    if (!large(request)) total += request->wire.size();
  }
  small_.reserve(total);  // so that the buffers into it stay valid
  std::size_t begin = 0;
  for (const RequestPtr& request : requests) {
    if (large(request)) {
      endSmall(begin);
      buffers_.push_back(asio::buffer(request->wire));
    } else {
      small_ += request->wire;
    }
  }
  endSmall(begin);
  return buffers_;
}

void WriteBatch::endSmall(std::size_t& begin) {
  if (small_.size() > begin) {
    buffers_.push_back(asio::buffer(small_.data() + begin, small_.size() - begin));
  }
  begin = small_.size();
}

}  // namespace persistance::backing::redis
