#include <persistance/error.hpp>

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

// A key may hold any bytes; a message holds a short, printable form of it.
std::string quoted(std::string_view key) {
  constexpr std::size_t limit = 64;
  constexpr std::string_view digits = "0123456789abcdef";
  std::string text = " \"";
  for (const char c : key.substr(0, limit)) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte >= 0x20 && byte < 0x7f) {
      text += c;
    } else {
      text += "\\x";
      text += digits[byte >> 4];
      text += digits[byte & 15];
    }
  }
  return text + (key.size() > limit ? "...\"" : "\"");
}

std::string describe(const std::string& method, const std::string& key, const std::string& what) {
  return method + (key.empty() ? std::string() : quoted(key)) + ": " + what;
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
