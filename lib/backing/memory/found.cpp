#include "backing/memory/found.hpp"

#include <algorithm>

namespace persistance::backing::memory {

void Found::take(Record& record) noexcept {
  isFound_ = true;
  end_ = record.end();
  const auto value = record.value();
  if (value.size() > copy_.size()) {
    shared_ = Record::Pointer::share(record);
  } else {
    std::ranges::copy(value, copy_.begin());
    size_ = value.size();
  }
}

}  // namespace persistance::backing::memory
