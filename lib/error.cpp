#include <persistance/error.hpp>

#include <algorithm>
#include <string_view>
#include <utility>

namespace persistance {
namespace {

class Category final : public std::error_category {
 public:
  const char* name() const noexcept override { return "persistance"; }

  std::string message(int value) const override {
    switch (static_cast<BackingErrc>(value)) {
      case BackingErrc::unavailable: return "the store is unavailable";
      case BackingErrc::timeout: return "the deadline passed";
      case BackingErrc::overloaded: return "the store is overloaded";
      case BackingErrc::unknownOutcome: return "the outcome is unknown";
      case BackingErrc::authFailed: return "access was refused";
      case BackingErrc::protocol: return "the store broke its protocol";
      case BackingErrc::wrongType: return "the key holds a foreign type";
      case BackingErrc::outOfMemory: return "the store is out of memory";
      case BackingErrc::readOnly: return "the store is read-only";
      case BackingErrc::full: return "the store is full";
      case BackingErrc::io: return "input/output failed";
      case BackingErrc::corrupt: return "the stored bytes are corrupt";
      case BackingErrc::closed: return "the store is closed";
      case BackingErrc::tooLarge: return "the key or value is too large";
      case BackingErrc::alreadyOpen: return "the store is open already";
      case BackingErrc::redirectLimit: return "too many redirections";
      case BackingErrc::unsupported: return "the store has no such operation";
      case BackingErrc::alreadyExists: return "the store exists already";
    }
    return "unknown backing error";
  }
};

constexpr std::size_t messageLimit = 1024;
constexpr std::size_t keyLimit = 64;
constexpr std::string_view cut = "...";

void appendEscaped(std::string& text, unsigned char byte) {
  constexpr std::string_view digits = "0123456789abcdef";
  text += "\\x";
  text += digits[byte >> 4];
  text += digits[byte & 15];
}

// How many bytes of `text` are one character that may stand in a message; 0: its first byte may not.
// Keys, stored text and exceptions of users may hold any bytes, and a message ends up in logs.
std::size_t printable(std::string_view text) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  if (byte(0) < 0x80) return byte(0) >= 0x20 && byte(0) != 0x7f ? 1 : 0;
  const std::size_t size = byte(0) >= 0xf0 ? 4 : byte(0) >= 0xe0 ? 3 : 2;
  if (byte(0) < 0xc2 || byte(0) > 0xf4 || size > text.size()) return 0;
  for (std::size_t i = 1; i < size; ++i)
    if ((byte(i) & 0xc0) != 0x80) return 0;
  const bool control = byte(0) == 0xc2 && byte(1) < 0xa0;
  const bool line = text.starts_with("\u2028") || text.starts_with("\u2029");
  return control || line ? 0 : size;
}

// `text` without what is not printable, at most `limit` bytes of it.
std::string escaped(std::string_view text, std::size_t limit) {
  std::string out;
  while (!text.empty()) {
    const std::size_t before = out.size();
    const std::size_t size = printable(text);
    if (size == 0) appendEscaped(out, static_cast<unsigned char>(text.front()));
    out += text.substr(0, size);
    text.remove_prefix(std::max<std::size_t>(size, 1));
    if (out.size() + (text.empty() ? 0 : cut.size()) <= limit) continue;
    out.resize(before);
    return out += cut;
  }
  return out;
}

std::string describe(const std::string& method, const std::string& key, const std::string& what) {
  const std::string quoted = key.empty() ? "" : " \"" + escaped(key, keyLimit) + "\"";
  return escaped(method + quoted + ": " + what, messageLimit);
}

std::string describe(std::error_code code, const std::string& detail) {
  return detail.empty() ? code.message() : code.message() + ": " + detail;
}

}  // namespace

const std::error_category& backingCategory() noexcept {
  static const Category category;
  return category;
}

std::error_code make_error_code(BackingErrc code) noexcept {
  return {static_cast<int>(code), backingCategory()};
}

PersistanceError::PersistanceError(std::string method, std::string key, const std::string& what)
    : std::runtime_error(describe(method, key, what)),
      method_(std::move(method)),
      key_(std::move(key)) {}

PersistanceSchemaError::PersistanceSchemaError(std::string method, std::string key,
                                               std::vector<schema::Issue> errors)
    : PersistanceError(std::move(method), std::move(key), schema::summary(errors)),
      errors_(std::move(errors)) {}

PersistanceBackingError::PersistanceBackingError(std::string method, std::string key,
                                                 std::error_code code, const std::string& detail,
                                                 std::exception_ptr error)
    : PersistanceError(std::move(method), std::move(key), describe(code, detail)),
      code_(code),
      error_(std::move(error)) {}

}  // namespace persistance
