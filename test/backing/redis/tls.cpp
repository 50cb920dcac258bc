#include <doctest/doctest.h>

#include "support/ask.hpp"
#include "support/certificates.hpp"

using namespace persistance;
using namespace persistance::test;
using backing::redis::Client;
using std::chrono::milliseconds;

namespace {

struct Signed : Authority {
  Signed() {
    sign("server", "DNS:localhost,IP:127.0.0.1");
    sign("client", "DNS:client.example");
  }
};

const Authority& authority() {
  static const Signed made;
  return made;
}

RedisOptions trusting(std::string url) {
  RedisOptions options(std::move(url));
  options.tls.caFile = authority().caFile();
  options.connectTimeout = milliseconds(400);
  options.deadline = milliseconds(1000);
  options.breakerThreshold = 2;
  return options;
}

/// Whether values travel.
void works(const RedisOptions& options) {
  test::run([&]() -> asio::awaitable<void> {
    auto client = co_await Client::open(options);
    auto store = client->store("s");
    const std::string large(300000, 'x');  // many records
    co_await set(store, "k", large);
    auto found = co_await get(store, "k");
    CHECK((found == large));
    co_await client->close();
  });
}

struct Refused {
  std::optional<BackingErrc> code;
  std::string said;
  milliseconds took{};
};

Refused refused(const RedisOptions& options) {
  Refused refused;
  test::run([&]() -> asio::awaitable<void> {
    const auto began = Steady::now();
    refused.code = co_await openFailure(options, &refused.said);
    refused.took = since(began);
  });
  return refused;
}

bool says(const Refused& refused, const char* what) {
  return refused.said.find(what) != std::string::npos;
}

}  // namespace

TEST_SUITE("redis tls") {
  TEST_CASE("TLS: with the right authority, by address and by name, values travel") {
    TlsServer server(authority());
    works(trusting(server.url()));
    works(trusting(server.url("localhost")));
    RedisOptions named = trusting(server.url());
    named.tls.serverName = "localhost";
    works(named);
  }

  TEST_CASE("TLS: an authority that is not trusted is refused at once, and said") {
    TlsServer server(authority());
    Authority other;
    RedisOptions options = trusting(server.url());
    options.tls.caFile = other.caFile();
    Refused result = refused(options);
    CHECK(result.code == BackingErrc::authFailed);
    CHECK(says(result, "certificate"));
    CHECK(result.took < options.connectTimeout);
    options.tls.caFile.clear();  // the system's certificates
    result = refused(options);
    CHECK(result.code == BackingErrc::authFailed);
    options.tls.verifyPeer = false;
    works(options);
  }

  TEST_CASE("TLS: another host name or address than the certificate's is refused, and said") {
    TlsServer server(authority());
    for (const char* name : {"elsewhere.example", "127.0.0.2", "::1", "localhost.example"}) {
      CAPTURE(name);
      RedisOptions options = trusting(server.url());
      options.tls.serverName = name;
      const Refused result = refused(options);
      CHECK(result.code == BackingErrc::authFailed);
      CHECK(says(result, "mismatch"));
      CHECK(result.took < options.connectTimeout);
    }
  }

  TEST_CASE("TLS: a server that wants a certificate of ours gets it") {
    TlsServer server(authority(), "yes");
    RedisOptions options = trusting(server.url());
    const Refused result = refused(options);
    CHECK(result.code == BackingErrc::unavailable);
    options.tls.certificateFile = authority().certificate("client");
    options.tls.keyFile = authority().key("client");
    works(options);
  }

  TEST_CASE("TLS: a certificate file that is none makes no client") {
    RedisOptions options = trusting("rediss://127.0.0.1:1");
    options.tls.caFile = "/nonexistent";
    CHECK_THROWS_AS(static_cast<void>(refused(options)), std::invalid_argument);
  }

  TEST_CASE("TLS: to a plain port, and plain to a TLS port: an error within the deadline") {
    RedisServer plain({}, RedisServer::Over::tcp);
    TlsServer secure(authority());
    FakeServer talker([](const Words&) -> Action { return "+PONG\r\n"; });
    talker.banner = "-ERR this is no TLS\r\n";
    const auto at = [](std::uint16_t port) { return "127.0.0.1:" + std::to_string(port); };
    for (const std::string& url : {"rediss://" + at(plain.port()), "rediss://" + at(talker.port()),
                                   "redis://" + at(secure.port())}) {
      CAPTURE(url);
      const RedisOptions options = trusting(url);
      const Refused result = refused(options);
      CHECK(result.code == BackingErrc::unavailable);
      CHECK(result.took < options.deadline + milliseconds(200));
      CHECK(says(result, "127.0.0.1"));
    }
  }

  TEST_CASE("TLS: the connection comes back after the server does") {
    TlsServer server(authority());
    test::run([&]() -> asio::awaitable<void> {
      auto client = co_await Client::open(trusting(server.url()));
      auto store = client->store("s");
      co_await set(store, "k", "v");
      for (int round = 0; round < 3; ++round) {
        server.server().kill();
        auto down = co_await failureOf(set(store, "k", "w"));
        CHECK(down.has_value());
        server.server().start();
        bool healed = false;
        for (const auto began = Steady::now(); !healed && since(began) < milliseconds(5000);) {
          co_await sleepFor(milliseconds(10));
          healed = !(co_await getFailure(store, "k")).has_value();
        }
        CHECK(healed);
      }
      co_await client->close();
    });
  }
}
