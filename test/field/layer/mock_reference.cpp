// Mocks of members of every signature, references of objects of main(), a clock of the test's own: a server is
// tested without its parts; what was not given fails by name, also when its awaitable is awaited.
#include <functional>

#include "layers.hpp"
#include "persistance/layer/mock.hpp"
#include "support/run.hpp"

namespace {
using persistance::test::run;
struct Mail {
  std::string to;
};
class Mailer {
 public:
  virtual ~Mailer() = default;
  virtual asio::awaitable<void> send(Mail mail) = 0;
  virtual asio::awaitable<std::unique_ptr<int>> receive(std::unique_ptr<int> ticket) = 0;
  virtual int quota() const = 0;
  virtual std::string& name() = 0;
  virtual void close() noexcept {}
  virtual bool has(const std::string& key, int times) const { return key.empty() && times == 0; }
  virtual int overloaded(int) = 0;
  virtual int overloaded(std::string) = 0;
};
class MailerMock : public layer::Mock<Mailer> {
 public:
  using Mock::Mock;
  asio::awaitable<void> send(Mail mail) override { return call<&Mailer::send>(std::move(mail)); }
  asio::awaitable<std::unique_ptr<int>> receive(std::unique_ptr<int> t) override {
    return call<&Mailer::receive>(std::move(t));
  }
  int quota() const override { return call<&Mailer::quota>(); }
  std::string& name() override { return call<&Mailer::name>(); }
  void close() noexcept override { call<&Mailer::close>(); }
  bool has(const std::string& key, int times) const override {
    return call<&Mailer::has>(key, times);
  }
  int overloaded(int n) override {
    return call<static_cast<int (Mailer::*)(int)>(&Mailer::overloaded)>(n);
  }
  int overloaded(std::string n) override {
    return call<static_cast<int (Mailer::*)(std::string)>(&Mailer::overloaded)>(std::move(n));
  }
};
struct Clock {
  virtual ~Clock() = default;
  virtual int now() const = 0;
};
struct TestClock final : Clock {
  int t = 100;
  int now() const override { return t; }
};
struct Server {
  std::function<asio::awaitable<int>()> work;
};
}  // namespace

int main() {
  std::vector<std::string> sent;
  std::string name = "mock";
  bool closed = false;
  auto mailer = layer::mock<MailerMock>(
      layer::given<&Mailer::send>([&](Mail mail) -> asio::awaitable<void> {
        co_await sleepFor(1ms);
        sent.push_back(mail.to);
      }),
      layer::given<&Mailer::receive>(
          [](std::unique_ptr<int> t) -> asio::awaitable<std::unique_ptr<int>> {
            ++*t;
            co_return std::move(t);
          }),
      layer::given<&Mailer::name>([&]() -> std::string& { return name; }),
      layer::given<&Mailer::close>([&] { closed = true; }),
      layer::given<static_cast<int (Mailer::*)(std::string)>(&Mailer::overloaded)>(
          [](std::string s) { return int(s.size()); }));
  TestClock clock;
  asio::io_context unused;
  auto server = layer::effect(
      [](std::shared_ptr<Mailer> m, Clock& c, asio::io_context&) -> asio::awaitable<Server> {
        co_return Server{[m, &c]() -> asio::awaitable<int> {
          Mail mail{"a"};
          co_await m->send(std::move(mail));
          auto ticket = co_await m->receive(std::make_unique<int>(1));
          co_return *ticket + c.now();
        }};
      });
  auto app = layer::wire<Server, Mailer>(server, mailer, layer::reference<Clock>(clock),
                                         layer::succeed(std::ref(unused)));
  run([&] {
    return layer::run(app, [&](Server& s, Mailer& m) -> asio::awaitable<void> {
      const int n = co_await s.work();
      field::expect(n == 102, "work");
      field::expect(sent == std::vector<std::string>{"a"}, "sent");
      m.name() += "ed";
      m.close();
      field::expect(closed && m.overloaded("four") == 4, "close, overloaded");
      std::string service, member;
      try {
        (void)m.quota();
      } catch (const layer::Unimplemented& e) {
        service = e.service(), member = e.member();
      }
      field::expect(
          service.find("Mailer") != std::string::npos && member.find("quota") != std::string::npos,
          "names: " + service + " " + member);
      std::string what = field::thrown([&] { (void)m.has("x", 1); });
      field::expect(what.find("has") != std::string::npos, what);
      what = field::thrown([&] { (void)m.overloaded(1); });
      field::expect(what.find("overloaded") != std::string::npos, what);
    });
  });
  field::expect(name == "mocked", "by reference");
  // an awaitable that was not given fails when it is awaited
  auto none = layer::mock<MailerMock>();
  run([&] {
    return layer::run(none, [](Mailer& m) -> asio::awaitable<void> {
      auto work = m.send(Mail{"b"});
      std::string what;
      try {
        co_await std::move(work);
      } catch (const layer::Unimplemented& e) {
        what = e.member();
      }
      field::expect(what.find("send") != std::string::npos, "awaited: " + what);
    });
  });
  // a reference is shared, and not destroyed
  {
    std::shared_ptr<Clock> kept;
    run([&] {
      return layer::run(layer::reference<Clock>(clock),
                        [&](std::shared_ptr<Clock> c) { kept = c; });
    });
    field::expect(kept.get() == &clock && kept.use_count() == 0, "a reference owns nothing");
  }
  // updateService over a reference; two clocks for two users by fresh
  {
    struct A {
      int n;
    };
    struct B {
      int n;
    };
    auto a = layer::sync([](Clock& c) { return A{c.now()}; });
    auto b = layer::sync([](Clock& c) { return B{c.now()}; });
    struct Later final : Clock {
      int base;
      explicit Later(int x) : base(x) {}
      int now() const override { return base + 1; }
    };
    auto later =
        layer::updateService<Clock>(b, [](Clock& c) { return std::make_unique<Later>(c.now()); });
    auto both = layer::provide(layer::merge(a, later), layer::reference<Clock>(clock));
    run([&] {
      return layer::run(
          both, [](A& x, B& y) { field::expect(x.n == 100 && y.n == 101, "each its own clock"); });
    });
  }
  // a mock in the place of a failing part
  {
    auto failing = layer::effect<Mailer>([]() -> asio::awaitable<std::unique_ptr<Mailer>> {
      throw std::runtime_error("smtp");
      co_return nullptr;
    });
    auto withMock = layer::wire<Server>(server, layer::orElse(failing, mailer),
                                        layer::reference<Clock>(clock), layer::reference(unused));
    run([&] {
      return layer::run(withMock, [](Server& s) -> asio::awaitable<void> {
        field::expect(co_await s.work() == 102, "orElse a mock");
      });
    });
  }
  return field::result();
}
