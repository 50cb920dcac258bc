// Services of which only some members work.
#include <doctest/doctest.h>
#include <persistance/layer/mock.hpp>

#include "layers.hpp"

using namespace persistance;
using namespace persistance::test;

namespace {

class Mailer {
 public:
  virtual ~Mailer() = default;
  virtual asio::awaitable<int> send(std::string text) = 0;
  virtual asio::awaitable<void> flush() = 0;
  [[nodiscard]] virtual int quota() const = 0;
};

class MailerMock : public layer::Mock<Mailer> {
 public:
  using Mock::Mock;
  asio::awaitable<int> send(std::string text) override {
    return call<&Mailer::send>(std::move(text));
  }
  asio::awaitable<void> flush() override { return call<&Mailer::flush>(); }
  int quota() const override { return call<&Mailer::quota>(); }
};

class HandWritten final : public Mailer {
 public:
  asio::awaitable<int> send(std::string) override { co_return 1; }
  asio::awaitable<void> flush() override { layer::unimplemented<&Mailer::flush>(); }
  int quota() const override { layer::unimplemented<&Mailer::quota>(); }
};

}  // namespace

TEST_SUITE("layer mock") {
  TEST_CASE("allows passing partial service") {
    std::string sent;
    const layer::Layer<layer::Requires<>, layer::Provides<Mailer>> mailer = layer::mock<MailerMock>(
        layer::given<&Mailer::quota>([] { return 7; }),
        layer::given<&Mailer::send>([&](std::string text) -> asio::awaitable<int> {
          co_await yield();
          sent = std::move(text);
          co_return 200;
        }));
    const auto use = [](Mailer& m) -> asio::awaitable<int> {
      const int status = co_await m.send("hello");
      co_return status + m.quota();
    };
    CHECK(run([&] { return layer::run(mailer, use); }) == 207);
    CHECK(sent == "hello");
  }

  TEST_CASE("missing mock members fail by the names of service and member") {
    const auto mailer = layer::mock<MailerMock>();
    const auto use = [](Mailer& m) -> asio::awaitable<void> {
      std::optional<asio::awaitable<int>> sending;
      CHECK_NOTHROW(sending.emplace(m.send("hello")));
      std::string member;
      std::string service;
      try {
        (void)co_await std::move(*sending);
      } catch (const layer::Unimplemented& error) {
        member = error.member();
        service = error.service();
      }
      CHECK(member == "send");
      CHECK(service.ends_with("Mailer"));
      CHECK_THROWS_AS((void)m.quota(), layer::Unimplemented);
      co_await m.flush();
    };
    std::string text;
    try {
      run([&] { return layer::run(mailer, use); });
    } catch (const layer::Unimplemented& error) {
      text = error.what();
    }
    CHECK(text.find("Mailer has no flush") != std::string::npos);
  }

  TEST_CASE("a class written by hand names the members that it leaves out") {
    HandWritten mailer;
    try {
      (void)mailer.quota();
      FAIL("nothing was thrown");
    } catch (const layer::Unimplemented& error) {
      CHECK(error.member() == "quota");
    }
    CHECK_THROWS_AS((void)mailer.flush(), layer::Unimplemented);
  }
}
