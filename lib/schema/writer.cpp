#include <persistance/schema/writer.hpp>

#include <algorithm>
#include <cmath>
#include <string>
#include <utility>

#include "kind.hpp"

namespace persistance::schema {
namespace {

constexpr std::size_t firstCapacity = 1024;
constexpr std::size_t keptCapacity = std::size_t{256} << 10;  // what a thread may hold on to

// Frees the thread's buffer when the thread ends; writers that come after make their own.
struct Release {
  ~Release() {
    delete[] std::exchange(detail::scratch.data, nullptr);
    detail::scratch = detail::Scratch{nullptr, 0, true};
  }
};

}  // namespace

constinit thread_local detail::Scratch detail::scratch{nullptr, 0, false};

// Keeps the grown buffer for the thread's next value.
void Writer::giveBack() noexcept {
  const auto capacity = static_cast<std::size_t>(end_ - begin_);
  if (!borrows_ || capacity > keptCapacity || capacity <= detail::scratch.capacity) return;
  thread_local Release atThreadEnd;
  (void)atThreadEnd;
  delete[] detail::scratch.data;
  detail::scratch.data = buffer_.release();
  detail::scratch.capacity = capacity;
}

bool Writer::grow(std::size_t size) {
  const std::size_t used = this->size();
  if (over_ || size > limits_.bytes - used) {
    over_ = true;
    end_ = at_;  // from here on everything ends up in this branch
    return false;
  }
  const auto capacity = static_cast<std::size_t>(end_ - begin_);
  const std::size_t wanted = std::max({used + size, 2 * capacity, firstCapacity});
  const std::size_t bigger = std::max(used + size, std::min(wanted, limits_.bytes));
  auto buffer = std::make_unique_for_overwrite<std::uint8_t[]>(bigger);
  if (used > 0) std::memcpy(buffer.get(), begin_, used);
  buffer_ = std::move(buffer);
  begin_ = buffer_.get();
  at_ = begin_ + used;
  end_ = begin_ + bigger;
  return true;
}

bool Writer::header(std::size_t size, std::uint8_t one, std::uint8_t two, std::uint8_t four) {
  if (size > 0xffffffffU) {
    over_ = true;
    end_ = at_;
    return false;
  }
  if (!reserve(5)) return false;
  if (size <= 0xffU && one != 0) {
    put(one);
    put(static_cast<std::uint8_t>(size));
  } else if (size <= 0xffffU) {
    put(two);
    bigEndian(static_cast<std::uint16_t>(size));
  } else {
    put(four);
    bigEndian(static_cast<std::uint32_t>(size));
  }
  return true;
}

bool Writer::enterSlow(std::size_t count, std::uint8_t small, std::uint8_t wide) {
  if (depth_ >= limits_.depth)
    return fail("at most " + std::to_string(limits_.depth) + " levels", "a deeper one");
  if (count <= 15) {
    if (!one(static_cast<std::uint8_t>(small | count))) return false;
  } else if (!header(count, 0, wide, static_cast<std::uint8_t>(wide + 1))) {
    return false;
  }
  ++depth_;
  items_ += count;
  return true;
}

bool Writer::positive(std::uint64_t value) {
  if (!reserve(9)) return false;
  if (value <= 0x7fU) {
    put(static_cast<std::uint8_t>(value));
  } else if (value <= 0xffU) {
    put(0xcc);
    put(static_cast<std::uint8_t>(value));
  } else if (value <= 0xffffU) {
    put(0xcd);
    bigEndian(static_cast<std::uint16_t>(value));
  } else if (value <= 0xffffffffU) {
    put(0xce);
    bigEndian(static_cast<std::uint32_t>(value));
  } else {
    put(0xcf);
    bigEndian(value);
  }
  return true;
}

bool Writer::negative(std::int64_t value) {
  if (!reserve(9)) return false;
  const auto bits = static_cast<std::uint64_t>(value);
  if (value >= -32) {
    put(static_cast<std::uint8_t>(bits));
  } else if (value >= std::numeric_limits<std::int8_t>::min()) {
    put(0xd0);
    put(static_cast<std::uint8_t>(bits));
  } else if (value >= std::numeric_limits<std::int16_t>::min()) {
    put(0xd1);
    bigEndian(static_cast<std::uint16_t>(bits));
  } else if (value >= std::numeric_limits<std::int32_t>::min()) {
    put(0xd2);
    bigEndian(static_cast<std::uint32_t>(bits));
  } else {
    put(0xd3);
    bigEndian(bits);
  }
  return true;
}

bool Writer::number(float value) {
  if (!std::isfinite(value)) return fail("a finite number", std::to_string(value));
  if (!reserve(5)) return false;
  put(0xca);
  bigEndian(std::bit_cast<std::uint32_t>(value));
  return true;
}

bool Writer::number(double value) {
  if (!std::isfinite(value)) return fail("a finite number", std::to_string(value));
  if (!reserve(9)) return false;
  put(0xcb);
  bigEndian(std::bit_cast<std::uint64_t>(value));
  return true;
}

bool Writer::longText(std::string_view value) {
  if (!isUtf8(value)) return notUtf8(value);
  if (value.size() <= 31) {
    if (!one(static_cast<std::uint8_t>(0xa0U | value.size()))) return false;
  } else if (!header(value.size(), 0xd9, 0xda, 0xdb)) {
    return false;
  }
  return encoded(value.data(), value.size());
}

bool Writer::notUtf8(std::string_view value) { return fail("valid UTF-8", quoted(value)); }

bool Writer::bytes(std::span<const std::byte> value) {
  return header(value.size(), 0xc4, 0xc5, 0xc6) &&
         encoded(reinterpret_cast<const char*>(value.data()), value.size());
}

bool Writer::extension(std::int8_t type, std::size_t size) {
  if (!header(size, 0xc7, 0xc8, 0xc9)) return false;
  return one(static_cast<std::uint8_t>(type));
}

std::string Writer::since(std::size_t start) const {
  return describe({begin_ + start, size() - start});
}

Unknown Writer::refuse() {
  if (over_)
    fail("at most " + std::to_string(limits_.bytes) + " bytes", "a larger value");
  else if (items_ > limits_.items)
    fail("at most " + std::to_string(limits_.items) + " items", std::to_string(items_) + " items");
  report_.finish();
  return Unknown();
}

}  // namespace persistance::schema
