#include "backing/redis/settings.hpp"

#include <algorithm>
#include <stdexcept>

namespace persistance::backing::redis {
namespace {

void require(bool holds, const char* otherwise) {
  if (!holds) throw std::invalid_argument(std::string("redis options: ") + otherwise);
}

void check(const RedisOptions& o) {
  using std::chrono::milliseconds;
  for (const milliseconds bound :
       {o.connectTimeout, o.commandTimeout, o.deadline, o.clearDeadline, o.closeDeadline,
        o.healthInterval, o.reconnectDelay, o.reconnectDelayLimit, o.waitTimeout}) {
    require(bound > milliseconds::zero(), "each duration is more than zero");
    require(bound <= std::chrono::hours(24 * 365), "no duration is over a year");
  }
  require(o.connectionsPerNode > 0 && o.connectionsPerNode <= 64, "1 to 64 connections per node");
  require(o.queueLimit > 0 && o.queueBytes > ByteSize(0), "a queue with room for nothing");
  require(o.breakerThreshold > 0, "a breaker that is always open");
  require(o.reconnectDelay <= o.reconnectDelayLimit, "reconnectDelay is over reconnectDelayLimit");
  require(o.valueLimit <= ByteSize::gibi(1), "a valueLimit over 1 GiB");
  require(o.replyLimit <= ByteSize::gibi(1), "a replyLimit over 1 GiB");
  require(o.keyPrefix.find('{') == std::string::npos, "a keyPrefix with a brace in it");
}

std::unique_ptr<asio::ssl::context> makeTls(const RedisTls& tls) {
  auto context = std::make_unique<asio::ssl::context>(asio::ssl::context::tls_client);
  context->set_options(asio::ssl::context::default_workarounds | asio::ssl::context::no_tlsv1 |
                       asio::ssl::context::no_tlsv1_1);
  if (tls.caFile.empty()) {
    context->set_default_verify_paths();
  } else {
    context->load_verify_file(tls.caFile);
  }
  if (!tls.certificateFile.empty()) context->use_certificate_chain_file(tls.certificateFile);
  if (!tls.keyFile.empty()) context->use_private_key_file(tls.keyFile, asio::ssl::context::pem);
  context->set_verify_mode(tls.verifyPeer ? asio::ssl::verify_peer : asio::ssl::verify_none);
  return context;
}

}  // namespace

Settings::Settings(RedisOptions options_) : options(std::move(options_)) {
  check(options);
  const std::vector<Url> urls = parseUrls(options.urls);
  for (const Url& url : urls) addresses.push_back(url.address);
  const Url& first = urls.front();
  user = first.user;
  password = first.password;
  database = first.database;
  options.urls.clear();  // they hold the password; nothing needs them any more
  if (!first.tls) return;
  try {
    tls = makeTls(options.tls);
  } catch (const std::system_error& error) {
    throw std::invalid_argument(std::string("redis options: tls: ") + error.what());
  }
}

bool Settings::allows(const Address& address) const {
  const auto& hosts = options.allowedHosts;
  return hosts.empty() || std::find(hosts.begin(), hosts.end(), address.host) != hosts.end() ||
         std::find(addresses.begin(), addresses.end(), address) != addresses.end();
}

}  // namespace persistance::backing::redis
