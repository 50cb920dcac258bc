#pragma once
/// A real redis-server of the test's own: in a directory of its own, on loopback or a unix socket,
/// gone with the object, and with the test program whatever ends that.

#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <random>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include <arpa/inet.h>
#include <fcntl.h>
#include <hiredis/hiredis.h>
#include <netinet/in.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "support/temporary_directory.hpp"

namespace persistance::test {

/// A port that was free a moment ago. With `also`, that offset from it too (a Cluster's bus).
inline std::uint16_t freePort(int also = 0) {
  const auto bindTo = [](int port) -> int {
    const int s = ::socket(AF_INET, SOCK_STREAM, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    address.sin_port = htons(static_cast<std::uint16_t>(port));
    socklen_t size = sizeof(address);
    int bound = -1;
    if (::bind(s, reinterpret_cast<sockaddr*>(&address), size) == 0 &&
        ::getsockname(s, reinterpret_cast<sockaddr*>(&address), &size) == 0) {
      bound = ntohs(address.sin_port);
    }
    ::close(s);
    return bound;
  };
  // Seeded: other programs look for ports at the same time.
  static std::mt19937 random(std::random_device{}());
  for (int attempt = 0; attempt < 1000; ++attempt) {
    const int port = bindTo(also == 0 ? 0 : 20000 + static_cast<int>(random() % 20000));
    if (port > 0 && (also == 0 || bindTo(port + also) > 0)) return static_cast<std::uint16_t>(port);
  }
  throw std::runtime_error("no free port");
}

class RedisServer {
 public:
  enum class Over { unixSocket, tcp };

  explicit RedisServer(std::vector<std::string> options = {}, Over over = Over::unixSocket,
                       int alsoFree = 0)
      : options_(std::move(options)), over_(over) {
    port_ = over == Over::tcp ? freePort(alsoFree) : std::uint16_t{0};
    start();
  }
  /// On a port that somebody had before.
  RedisServer(std::vector<std::string> options, std::uint16_t port)
      : options_(std::move(options)), over_(Over::tcp), port_(port) {
    start();
  }
  RedisServer(const RedisServer&) = delete;
  RedisServer& operator=(const RedisServer&) = delete;
  ~RedisServer() { kill(); }

  void start() {
    launch();
    waitUntilReady();
  }

  void launch() {
    const std::string dir = directory_.path().string();
    std::vector<std::string> arguments{"redis-server",
                                       "--dir",
                                       dir,
                                       "--unixsocket",
                                       socketPath(),
                                       "--port",
                                       std::to_string(port_),
                                       "--bind",
                                       "127.0.0.1",
                                       "--save",
                                       "",
                                       "--appendonly",
                                       "no",
                                       "--daemonize",
                                       "no",
                                       "--logfile",
                                       dir + "/log"};
    arguments.insert(arguments.end(), options_.begin(), options_.end());
    std::vector<char*> argv;
    for (std::string& argument : arguments) argv.push_back(argument.data());
    argv.push_back(nullptr);
    pid_ = ::fork();
    if (pid_ == 0) {
      ::prctl(PR_SET_PDEATHSIG, SIGKILL);
      ::execvp("redis-server", argv.data());
      ::_exit(127);
    }
  }

  /// Waits until it answers at all, be it with an error.
  void waitUntilReady() {
    for (int i = 0; i < 1000; ++i) {
      if (redisContext* context = ::redisConnectUnix(socketPath().c_str())) {
        const bool connected = context->err == 0;
        void* reply = connected ? ::redisCommand(context, "PING") : nullptr;
        if (reply != nullptr) ::freeReplyObject(reply);
        ::redisFree(context);
        if (reply != nullptr) return;
      }
      std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
    throw std::runtime_error("redis-server did not start");
  }

  void kill() { signal(SIGKILL), wait(); }
  void signal(int number) {
    if (pid_ > 0) ::kill(pid_, number);
  }

  /// Runs one command beside the library and gives the reply as text.
  std::string command(const std::vector<std::string>& arguments) {
    redisContext* context = ::redisConnectUnix(socketPath().c_str());
    if (context == nullptr || context->err != 0) throw std::runtime_error("cannot connect");
    std::vector<const char*> argv;
    std::vector<std::size_t> sizes;
    for (const std::string& argument : arguments) {
      argv.push_back(argument.data());
      sizes.push_back(argument.size());
    }
    auto* reply = static_cast<redisReply*>(
        ::redisCommandArgv(context, static_cast<int>(argv.size()), argv.data(), sizes.data()));
    std::string text;
    if (reply != nullptr) {
      text = reply->type == REDIS_REPLY_INTEGER ? std::to_string(reply->integer)
             : reply->str != nullptr            ? std::string(reply->str, reply->len)
                                                : std::string();
      ::freeReplyObject(reply);
    }
    ::redisFree(context);
    return text;
  }

  /// The same for a command that is answered with a list of texts.
  std::vector<std::string> list(const std::vector<std::string>& arguments) {
    std::vector<std::string> texts;
    redisContext* context = ::redisConnectUnix(socketPath().c_str());
    if (context == nullptr || context->err != 0) throw std::runtime_error("cannot connect");
    std::vector<const char*> argv;
    std::vector<std::size_t> sizes;
    for (const std::string& argument : arguments) {
      argv.push_back(argument.data());
      sizes.push_back(argument.size());
    }
    auto* reply = static_cast<redisReply*>(
        ::redisCommandArgv(context, static_cast<int>(argv.size()), argv.data(), sizes.data()));
    for (std::size_t i = 0; reply != nullptr && i < reply->elements; ++i) {
      texts.emplace_back(reply->element[i]->str, reply->element[i]->len);
    }
    if (reply != nullptr) ::freeReplyObject(reply);
    ::redisFree(context);
    return texts;
  }

  std::string socketPath() const { return (directory_.path() / "redis.sock").string(); }
  std::uint16_t port() const { return port_; }
  std::string url() const {
    return over_ == Over::tcp ? "redis://127.0.0.1:" + std::to_string(port_)
                              : "unix://" + socketPath();
  }
  const std::filesystem::path& directory() const { return directory_.path(); }

 private:
  void wait() {
    if (pid_ > 0) ::waitpid(pid_, nullptr, 0);
    pid_ = -1;
  }

  TemporaryDirectory directory_;
  std::vector<std::string> options_;
  Over over_;
  std::uint16_t port_ = 0;
  ::pid_t pid_ = -1;
};

}  // namespace persistance::test
