#include "backing/redis/server_error.hpp"

#include <array>
#include <charconv>

#include "backing/redis/slot.hpp"

namespace persistance::backing::redis {
namespace {

struct Row {
  std::string_view prefix;
  ErrorKind kind;
  BackingErrc code;
};

// The code is what the operation fails with once there is no time left to ask again.
constexpr std::array<Row, 25> rows{{
    {"NOAUTH", ErrorKind::final, BackingErrc::authFailed},
    {"WRONGPASS", ErrorKind::final, BackingErrc::authFailed},
    {"NOPERM", ErrorKind::final, BackingErrc::authFailed},
    {"DENIED", ErrorKind::final, BackingErrc::authFailed},
    {"ERR invalid password", ErrorKind::final, BackingErrc::authFailed},
    {"ERR AUTH", ErrorKind::final, BackingErrc::authFailed},
    {"ERR Client sent AUTH", ErrorKind::final, BackingErrc::authFailed},
    {"ERR The user executing the script", ErrorKind::final, BackingErrc::authFailed},
    {"ERR ACL failure in script", ErrorKind::final, BackingErrc::authFailed},
    {"WRONGTYPE", ErrorKind::final, BackingErrc::wrongType},
    {"OOM", ErrorKind::final, BackingErrc::outOfMemory},
    {"MISCONF", ErrorKind::final, BackingErrc::io},
    {"ERR string exceeds maximum allowed size", ErrorKind::final, BackingErrc::tooLarge},
    {"ERR Protocol error: invalid bulk length", ErrorKind::final, BackingErrc::tooLarge},
    {"ERR max number of clients reached", ErrorKind::busy, BackingErrc::unavailable},
    {"NOREPLICAS", ErrorKind::busy, BackingErrc::unavailable},
    {"LOADING", ErrorKind::busy, BackingErrc::unavailable},
    {"BUSY", ErrorKind::busy, BackingErrc::unavailable},
    {"TRYAGAIN", ErrorKind::busy, BackingErrc::unavailable},
    {"NOSCRIPT", ErrorKind::noScript, BackingErrc::timeout},
    {"CLUSTERDOWN", ErrorKind::wrongNode, BackingErrc::unavailable},
    {"MASTERDOWN", ErrorKind::wrongNode, BackingErrc::unavailable},
    {"READONLY", ErrorKind::wrongNode, BackingErrc::readOnly},
    {"MOVED", ErrorKind::moved, BackingErrc::redirectLimit},
    {"ASK", ErrorKind::ask, BackingErrc::redirectLimit},
}};

/// A prefix counts only where a word ends: ASKING is not ASK.
bool startsWithWord(std::string_view text, std::string_view word) {
  return text.starts_with(word) && (text.size() == word.size() || text[word.size()] == ' ' ||
                                    text[word.size()] == ',' || text[word.size()] == ':');
}

/// "3999 127.0.0.1:6381"
bool readRedirect(std::string_view text, const std::string& host, Address& address) {
  unsigned slot = slotCount;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), slot);
  const auto used = static_cast<std::size_t>(end - text.data());
  if (error != std::errc{} || slot >= slotCount || used >= text.size() || text[used] != ' ') {
    return false;
  }
  return parseAddress(text.substr(used + 1), host, address);
}

}  // namespace

ServerError readServerError(std::string_view text, const std::string& host) {
  ServerError error;
  for (const Row& row : rows) {
    if (!startsWithWord(text, row.prefix)) continue;
    error.kind = row.kind;
    error.code = row.code;
    if (row.kind != ErrorKind::moved && row.kind != ErrorKind::ask) return error;
    const std::size_t words = row.prefix.size() + 1;
    if (text.size() > words && readRedirect(text.substr(words), host, error.address)) return error;
    return ServerError();
  }
  return error;
}

bool saysNoCluster(std::string_view error) {
  return error.starts_with("ERR This instance has cluster support disabled") ||
         error.starts_with("ERR unknown command");
}

std::string quoted(std::string_view text, std::string_view secret) {
  std::string safe(text);
  if (!secret.empty()) {
    for (auto at = safe.find(secret); at != std::string::npos; at = safe.find(secret, at)) {
      safe.replace(at, secret.size(), "***");
      at += 3;
    }
  }
  if (safe.size() > 200) {
    safe.resize(200);
    safe += "...";
  }
  for (char& c : safe) {
    if (c < 0x20 || c == 0x7f) c = '.';
  }
  return safe;
}

}  // namespace persistance::backing::redis
