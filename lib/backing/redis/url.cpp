#include "backing/redis/url.hpp"

#include <charconv>
#include <optional>
#include <stdexcept>

namespace persistance::backing::redis {
namespace {

[[noreturn]] void fail(const std::string& why) { throw std::invalid_argument("redis url: " + why); }

template <class Number>
std::optional<Number> number(std::string_view text) {
  Number value{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size() || text.empty()) return {};
  return value;
}

std::string decodePercent(std::string_view text) {
  std::string decoded;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      decoded += text[i];
      continue;
    }
    unsigned char byte{};
    const std::string_view digits = text.substr(i + 1, 2);
    const auto [end, error] =
        std::from_chars(digits.data(), digits.data() + digits.size(), byte, 16);
    if (digits.size() != 2 || error != std::errc{} || end != digits.data() + 2) {
      fail("a percent sign without two hexadecimal digits");
    }
    decoded += static_cast<char>(byte);
    i += 2;
  }
  return decoded;
}

/// Cuts "[user[:password]]@" off the front. The last at sign divides: a password may hold others.
void takeCredentials(std::string_view& rest, Url& url) {
  const auto at = rest.substr(0, rest.find('/')).rfind('@');
  if (at == std::string_view::npos) return;
  const std::string_view credentials = rest.substr(0, at);
  rest.remove_prefix(at + 1);
  const auto colon = credentials.find(':');
  if (colon == std::string_view::npos) fail("credentials without a password; write user:password@");
  url.user = decodePercent(credentials.substr(0, colon));
  url.password = decodePercent(credentials.substr(colon + 1));
}

unsigned database(std::string_view text) {
  const auto value = number<unsigned>(text);
  if (!value) fail("the database is no number");
  return *value;
}

void takeUnix(std::string_view rest, Url& url) {
  const auto query = rest.find('?');
  if (query != std::string_view::npos) {
    const std::string_view option = rest.substr(query + 1);
    if (!option.starts_with("db=")) fail("an unknown option; only db is known");
    url.database = database(option.substr(3));
    rest = rest.substr(0, query);
  }
  if (!rest.starts_with('/') || rest.size() < 2) fail("a unix socket without an absolute path");
  url.address = Address(decodePercent(rest));
}

void takeTcp(std::string_view rest, Url& url) {
  const auto slash = rest.find('/');
  if (slash != std::string_view::npos) {
    if (const auto text = rest.substr(slash + 1); !text.empty()) url.database = database(text);
    rest = rest.substr(0, slash);
  }
  std::string_view host = rest;
  std::string_view port;
  if (rest.starts_with('[')) {
    const auto close = rest.find(']');
    if (close == std::string_view::npos) fail("an address in brackets that do not close");
    host = rest.substr(1, close - 1);
    port = rest.substr(close + 1);
    if (!port.empty() && !port.starts_with(':')) fail("something between the host and the port");
  } else if (const auto colon = rest.find(':'); colon != std::string_view::npos) {
    host = rest.substr(0, colon);
    port = rest.substr(colon);
  }
  if (host.empty()) fail("no host");
  const auto value =
      port.empty() ? std::optional<std::uint16_t>(6379) : number<std::uint16_t>(port.substr(1));
  if (!value || *value == 0) fail("the port is none");
  url.address = Address(std::string(host), *value);
}

}  // namespace

std::string Address::name() const {
  if (!path.empty()) return path;
  const bool v6 = host.find(':') != std::string::npos;
  return (v6 ? "[" + host + "]" : host) + ":" + std::to_string(port);
}

Url parseUrl(std::string_view text) {
  Url url;
  const auto scheme = text.find("://");
  if (scheme == std::string_view::npos) fail("no scheme; write redis://, rediss:// or unix://");
  const std::string_view name = text.substr(0, scheme);
  std::string_view rest = text.substr(scheme + 3);
  takeCredentials(rest, url);
  if (name == "unix") {
    takeUnix(rest, url);
  } else if (name == "redis" || name == "rediss") {
    url.tls = name == "rediss";
    takeTcp(rest, url);
  } else {
    fail("an unknown scheme; write redis://, rediss:// or unix://");
  }
  return url;
}

std::vector<Url> parseUrls(const std::vector<std::string>& texts) {
  if (texts.empty()) fail("none was given");
  std::vector<Url> urls;
  for (const std::string& text : texts) urls.push_back(parseUrl(text));
  for (Url& url : urls) {
    Url& first = urls.front();
    if (first.password.empty()) {
      first.user = url.user;
      first.password = url.password;
    }
    if (!url.password.empty() && (url.user != first.user || url.password != first.password)) {
      fail("the addresses name different credentials");
    }
    if (url.tls != first.tls || url.database != first.database) {
      fail("the addresses differ in TLS or database");
    }
  }
  return urls;
}

bool parseAddress(std::string_view text, const std::string& sameHost, Address& out) {
  const auto colon = text.rfind(':');
  if (colon == std::string_view::npos) return false;
  const auto port = number<std::uint16_t>(text.substr(colon + 1));
  if (!port || *port == 0) return false;
  std::string_view host = text.substr(0, colon);
  if (host.size() > 255) return false;
  if (host.starts_with('[') && host.ends_with(']')) host = host.substr(1, host.size() - 2);
  out = Address(host.empty() || host == "?" ? sameHost : std::string(host), *port);
  return !out.host.empty();
}

}  // namespace persistance::backing::redis
