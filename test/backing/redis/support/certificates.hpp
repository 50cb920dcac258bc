#pragma once
/// Certificates of the test's own, made by the openssl command while it runs.

#include "support/server.hpp"

namespace persistance::test {

/// An authority, and what it signs: each certificate is a pair of PEM files in one directory.
class Authority {
 public:
  Authority() { make("ca", "-addext basicConstraints=critical,CA:TRUE"); }

  /// `names` as OpenSSL writes them: "DNS:localhost,IP:127.0.0.1".
  void sign(const std::string& name, const std::string& names) {
    make(name, "-CA " + file("ca.pem") + " -CAkey " + file("ca.key") +
                   " -addext basicConstraints=CA:FALSE -addext subjectAltName=" + names);
  }
  std::string caFile() const { return file("ca.pem"); }
  std::string certificate(const std::string& name) const { return file(name + ".pem"); }
  std::string key(const std::string& name) const { return file(name + ".key"); }

 private:
  void make(const std::string& name, const std::string& more) {
    const std::string command =
        "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 "
        "-nodes -days 1 -subj /CN=" +
        name + " -keyout " + key(name) + " -out " + certificate(name) + " " + more + " >" +
        file("log") + " 2>&1";
    if (std::system(command.c_str()) != 0) {
      throw std::runtime_error("the openssl command failed, or is not installed: " + command);
    }
  }
  std::string file(const std::string& name) const { return (directory_.path() / name).string(); }

  TemporaryDirectory directory_;
};

/// A redis-server that speaks TLS alone on its port, with the certificate "server" of `authority`.
class TlsServer {
 public:
  explicit TlsServer(const Authority& authority, const std::string& clients = "no")
      : port_(freePort()),
        server_({"--tls-port", std::to_string(port_), "--tls-cert-file",
                 authority.certificate("server"), "--tls-key-file", authority.key("server"),
                 "--tls-ca-cert-file", authority.caFile(), "--tls-auth-clients", clients}) {}

  RedisServer& server() { return server_; }
  std::uint16_t port() const { return port_; }
  std::string url(const std::string& host = "127.0.0.1") const {
    return "rediss://" + host + ":" + std::to_string(port_);
  }

 private:
  std::uint16_t port_;
  RedisServer server_;
};

}  // namespace persistance::test
