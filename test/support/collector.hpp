#pragma once
/// @file
/// What a read of a backing finds, in strings.

#include <optional>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include <persistance/backing/store.hpp>

namespace persistance::test {

inline Unknown bytesOf(std::string_view text) {
  return Unknown::fromBytes(std::as_bytes(std::span(text.data(), text.size())));
}

/// A slot that was found twice is an error.
class Collector final : public backing::Sink {
 public:
  explicit Collector(std::size_t slots) : values(slots) {}
  void found(std::size_t slot, std::span<const std::byte> bytes) override {
    if (values.at(slot)) throw std::logic_error("a slot was answered twice");
    values.at(slot) = std::string(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  }
  std::vector<std::optional<std::string>> values;
};

}  // namespace persistance::test
