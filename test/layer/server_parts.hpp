#pragma once
/// The parts of a small server as somebody writes them who has read the first page only.

#include <memory>
#include <string>
#include <utility>

#include <asio/ip/tcp.hpp>

#include "layers.hpp"

namespace persistance::test::parts {

using asio::ip::tcp;

struct Config {
  std::string dsn = "db://";
  unsigned short port = 0;
};
struct Logger {
  virtual ~Logger() = default;
  virtual void info(const std::string& text) = 0;
};
struct LogLogger final : Logger {
  explicit LogLogger(EventLog& log) : events(log) {}
  void info(const std::string& text) override { events.add(text); }
  EventLog& events;
};
struct Clock {};
struct Metrics {
  int requests = 0;
};
struct Database {
  Database(std::string dsn_, Logger& logger) : dsn(std::move(dsn_)), log(logger) {}
  asio::awaitable<void> connect() {
    co_await yield();
    log.info("db connected");
  }
  asio::awaitable<void> close() {
    co_await yield();
    log.info("db closed");
  }
  std::string dsn;
  Logger& log;
};
struct Cache {
  explicit Cache(Clock&) {}
};
struct Users {
  Database& database;
  Cache& cache;
};
struct Orders {
  Database& database;
  Users& users;
};
struct Mailer {
  Logger& log;
};
struct Sessions {
  Cache& cache;
  Clock& clock;
};
struct HttpServer {
  tcp::acceptor acceptor;
  Users& users;
  Orders& orders;
  Metrics& metrics;
};

inline auto serverOfTwelve(EventLog& events) {
  auto config = layer::succeed(Config{});
  auto logger = layer::succeed<Logger>(std::make_shared<LogLogger>(events));
  auto clock = layer::succeed(Clock{});
  auto metrics = layer::succeed(Metrics{});
  auto database =
      layer::scoped([](Config& c, Logger& log,
                       layer::Scope& scope) -> asio::awaitable<std::shared_ptr<Database>> {
        auto db = std::make_shared<Database>(c.dsn, log);
        co_await db->connect();
        scope.addFinalizer([db] { return db->close(); });
        co_return db;
      });
  auto migrations = layer::effect([](Database& db) -> asio::awaitable<void> {
    co_await yield();
    db.log.info("migrated");
  });
  auto cache = layer::effect([](Clock& c) { return std::make_unique<Cache>(c); });
  auto users = layer::effect([](Database& db, Cache& c) { return Users{db, c}; });
  auto orders = layer::effect([](Database& db, Users& u) { return Orders{db, u}; });
  auto mailer = layer::effect([](Logger& log) { return Mailer{log}; });
  auto sessions = layer::effect([](Cache& c, Clock& k) { return Sessions{c, k}; });
  auto server =
      layer::scoped([](Config& c, Users& u, Orders& o, Metrics& m, Mailer& mail, Sessions&,
                       layer::Scope& scope) -> asio::awaitable<std::shared_ptr<HttpServer>> {
        const tcp::endpoint endpoint(asio::ip::address_v4::loopback(), c.port);
        tcp::acceptor acceptor(co_await asio::this_coro::executor, endpoint);
        std::shared_ptr<HttpServer> s(new HttpServer{std::move(acceptor), u, o, m});
        mail.log.info("server opened");
        scope.addFinalizer([s, &mail] {
          s->acceptor.close();
          mail.log.info("server closed");
        });
        co_return s;
      });
  return layer::wire<HttpServer>(config, logger, clock, metrics, database, migrations, cache, users,
                                 orders, mailer, sessions, server);
}

}  // namespace persistance::test::parts
