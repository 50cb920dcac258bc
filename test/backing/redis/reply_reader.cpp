#include "backing/redis/reply_reader.hpp"

#include <doctest/doctest.h>

using namespace persistance::backing::redis;

namespace {

std::optional<Reply> nextOf(ReplyReader& reader) {
  Reply reply;
  if (!reader.next(reply)) return std::nullopt;
  return reply;
}

constexpr ReplyReader::Limits limits{1000, 10};

/// All replies in `bytes`, fed `step` bytes at a time; then what came of it.
std::string read(std::string_view bytes, std::size_t step = 1) {
  ReplyReader reader(limits);
  std::string all;
  try {
    for (std::size_t at = 0; at < bytes.size(); at += step) {
      reader.feed(bytes.substr(at, step));
      while (const auto reply = nextOf(reader)) {
        const auto show = [&](const ReplyItem& item) {
          switch (item.kind) {
            case ReplyKind::nil: all += "nil "; break;
            case ReplyKind::integer: all += std::to_string(item.integer) + " "; break;
            case ReplyKind::array: all += "*" + std::to_string(item.integer) + " "; break;
            case ReplyKind::status: all += "+" + std::string(reply->text(item)) + " "; break;
            case ReplyKind::error: all += "-" + std::string(reply->text(item)) + " "; break;
            case ReplyKind::bulk: all += "'" + std::string(reply->text(item)) + "' "; break;
          }
        };
        show(reply->root);
        for (const ReplyItem& item : reply->items) show(item);
      }
    }
  } catch (const ProtocolError& error) {
    return all + "refused";
  }
  return all;
}

}  // namespace

TEST_SUITE("redis reply reader") {
  TEST_CASE("reader: every kind of reply, in pieces of every size") {
    const std::string bytes =
        "+OK\r\n-ERR x\r\n:-42\r\n$-1\r\n$0\r\n\r\n$5\r\na\r\nbc\r\n*-1\r\n*0\r\n"
        "*3\r\n$1\r\na\r\n$-1\r\n*2\r\n:1\r\n:2\r\n";
    const std::string expected = "+OK -ERR x -42 nil '' 'a\r\nbc' nil *0 *3 'a' nil *2 1 2 ";
    for (std::size_t step = 1; step <= bytes.size(); ++step) CHECK(read(bytes, step) == expected);
  }

  TEST_CASE("reader: every prefix of valid replies waits for more (E11)") {
    const std::string bytes = "*2\r\n$3\r\nabc\r\n*1\r\n:12\r\n";
    for (std::size_t size = 0; size < bytes.size(); ++size) {
      CHECK(read(bytes.substr(0, size)) == "");
    }
  }

  TEST_CASE("reader: what is no RESP2, or too much, is refused as early as it shows (E12)") {
    for (const std::string& bytes :
         {std::string("HTTP/1.1 400 Bad Request\r\n"),
          std::string("\0\0\0", 3),
          std::string("%1\r\n"),
          std::string("_\r\n"),
          std::string(",1.5\r\n"),
          std::string("#t\r\n"),
          std::string(">1\r\n"),
          std::string("*2147483647\r\n"),
          std::string("*11\r\n"),
          std::string("*-2\r\n"),
          std::string("$-2\r\n"),
          std::string("$9223372036854775807\r\n"),
          std::string("$99999999999999999999\r\n"),
          std::string("$1001\r\n"),
          std::string("$x\r\n"),
          std::string(":x\r\n"),
          std::string(":\r\n"),
          std::string("$3\r\nabcXX"),
          std::string("$3\r\nabc\r\r"),
          ":" + std::string(100, '1'),
          "$" + std::string(100, '1'),
          "*" + std::string(100, '1'),
          "+" + std::string(70000, 'x'),
          "-" + std::string(70000, 'x'),
          std::string("*2\r\n$600\r\n") + std::string(600, 'x') + "\r\n$600\r\n",
          std::string("*1\r\n*1\r\n*1\r\n*1\r\n*1\r\n*1\r\n*1\r\n*1\r\n*1\r\n:1\r\n")}) {
      CAPTURE(bytes.substr(0, 30));
      CHECK(read(bytes) == "refused");
      CHECK(read(bytes, 4096) == "refused");
    }
  }

  TEST_CASE("reader: elements count at all depths together") {
    CHECK(read("*2\r\n*4\r\n:1\r\n:1\r\n:1\r\n:1\r\n*4\r\n:1\r\n:1\r\n:1\r\n:1\r\n") != "refused");
    CHECK(read("*2\r\n*5\r\n:1\r\n:1\r\n:1\r\n:1\r\n:1\r\n*5\r\n") == "refused");
  }

  TEST_CASE("reader: refused once, refused for ever") {
    ReplyReader reader(limits);
    reader.feed(std::string_view("?"));
    CHECK_THROWS_AS(static_cast<void>(nextOf(reader)), ProtocolError);
    CHECK_THROWS_AS(reader.feed(std::string_view("+OK\r\n")), ProtocolError);
  }

  TEST_CASE("reader: a long bulk in small pieces is put together once it is whole") {
    ReplyReader reader({1 << 22, 10});
    const std::string value(1 << 21, 'v');
    const std::string bytes = "$" + std::to_string(value.size()) + "\r\n" + value + "\r\n";
    for (std::size_t at = 0; at < bytes.size(); at += 1000) {
      CHECK_FALSE(nextOf(reader).has_value());
      reader.feed(std::string_view(bytes).substr(at, 1000));
    }
    const auto reply = nextOf(reader);
    REQUIRE(reply.has_value());
    CHECK((reply->text() == value));
  }
}
