#include <persistance/schema/writer.hpp>

#include <algorithm>
#include <cmath>
#include <string>
#include <utility>

#include "schema/value_text.hpp"

namespace persistance::schema {
namespace {

constexpr std::size_t firstCapacity = 4096;
constexpr std::size_t keptCapacity = std::size_t{256} << 10;  // what a thread may hold on to
constexpr std::size_t slack = 32;  // a header asks for more than it needs; finish() looks closer

// The buffer of a thread between two values. A writer takes it away and brings it back, so a user's
// codec that encodes something while something is being encoded finds none and makes its own.
struct Scratch {
  std::unique_ptr<std::uint8_t[]> buffer;
  std::size_t capacity = 0;
  ~Scratch();
};
thread_local bool scratchGone = false;  // the thread is ending: its later writers make their own
thread_local Scratch scratch;
Scratch::~Scratch() { scratchGone = true; }

}  // namespace

void Writer::giveBack() noexcept {
  if (scratchGone || capacity_ > keptCapacity || capacity_ <= scratch.capacity) return;
  scratch.buffer = std::move(buffer_);
  scratch.capacity = capacity_;
}

bool Writer::grow(std::size_t size) {
  const std::size_t used = this->size();
  limits_.bytes = std::min(limits_.bytes, std::numeric_limits<std::size_t>::max() / 4);
  const std::size_t most = limits_.bytes + slack;
  if (over_ || size > most - used) {
    giveUp();  // from here on everything ends up in this branch
    return false;
  }
  const std::size_t needed = used + size;
  std::unique_ptr<std::uint8_t[]> bigger;
  std::size_t capacity = 0;
  if (buffer_ == nullptr && !scratchGone && scratch.capacity >= needed) {
    capacity = std::exchange(scratch.capacity, 0);
    bigger = std::move(scratch.buffer);
  } else {
    capacity = std::max({needed, std::min(2 * capacity_, most), firstCapacity});
    bigger = std::make_unique_for_overwrite<std::uint8_t[]>(capacity);
  }
  std::memcpy(bigger.get(), begin_, used);
  buffer_ = std::move(bigger);
  capacity_ = capacity;
  begin_ = buffer_.get();
  at_ = begin_ + used;
  end_ = begin_ + std::min(capacity, most);
  return true;
}

void Writer::giveUp() noexcept {
  over_ = true;
  end_ = at_;
  report_.end();
}

bool Writer::header(std::size_t size, std::uint8_t one, std::uint8_t two, std::uint8_t four) {
  if (size > 0xffffffffU) {
    giveUp();
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

bool Writer::textSlow(std::string_view value) {
  if (!detail::isUtf8(value)) return fail("valid UTF-8", quoted(value));
  if (value.size() <= 31) {
    if (!one(static_cast<std::uint8_t>(0xa0U | value.size()))) return false;
  } else if (!header(value.size(), 0xd9, 0xda, 0xdb)) {
    return false;
  }
  return encoded(value.data(), value.size());
}

bool Writer::bytes(std::span<const std::byte> value) {
  return header(value.size(), 0xc4, 0xc5, 0xc6) &&
         encoded(reinterpret_cast<const char*>(value.data()), value.size());
}

bool Writer::extension32(std::int8_t type) {
  if (!reserve(6)) return false;
  put(0xc9);
  bigEndian(std::uint32_t{0});
  put(static_cast<std::uint8_t>(type));
  return true;
}

bool Writer::closeExtension32(std::size_t start) {
  const std::size_t payload = size() - start - 6;
  if (over_ || payload > 0xffffffffU) return false;
  std::uint8_t* end = std::exchange(at_, begin_ + start + 1);
  bigEndian(static_cast<std::uint32_t>(payload));
  at_ = end;
  return true;
}

std::string Writer::since(std::size_t start) const {
  return detail::valueText({begin_ + start, size() - start});
}

Unknown Writer::finish() {
  if (over_ || size() > limits_.bytes)
    fail("at most " + std::to_string(limits_.bytes) + " bytes", "a larger value");
  else if (items_ > limits_.items)
    fail("at most " + std::to_string(limits_.items) + " items", std::to_string(items_) + " items");
  else if (made_ > limits_.memory(size()))
    fail("a value that a read makes at most " + std::to_string(limits_.memory(size())) +
             " bytes of memory of",
         std::to_string(made_) + " bytes");
  report_.finish();
  return report_.empty() ? Unknown::fromBytes(written()) : Unknown();
}

}  // namespace persistance::schema
