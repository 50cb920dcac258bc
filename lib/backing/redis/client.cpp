#include "backing/redis/client.hpp"

#include "backing/redis/backoff.hpp"
#include "backing/redis/dispatch.hpp"
#include "backing/redis/review.hpp"
#include "backing/redis/store.hpp"

namespace persistance::backing::redis {
namespace {

void hand(const Reply& reply, Sink* sink) {
  if (sink == nullptr || reply.kind() != ReplyKind::bulk) return;
  sink->found(0, std::as_bytes(std::span(reply.text())));
}

bool answered(const Request& request) {
  return !request.refusal && request.replies.front().kind() != ReplyKind::error;
}

/// Also when the coroutine is cancelled or destroyed: what is not sent yet need not be.
class Abandoning {
 public:
  explicit Abandoning(Request& request) : request_(request) {}
  Abandoning(const Abandoning&) = delete;
  Abandoning& operator=(const Abandoning&) = delete;
  ~Abandoning() { request_.abandoned = true; }

 private:
  Request& request_;
};

}  // namespace

/// Tells when the last coroutine of the client is gone.
struct Client::End {
  std::atomic<bool> reached = false;
  async::Waiters waiters;
};

/// Counts an operation for as long as it runs.
class Client::Running {
 public:
  explicit Running(Client& client) : client_(client) {
    ++client_.running_;
    if (!client_.closing_) return;
    leave();
    throw Failure(BackingErrc::closed);
  }
  Running(const Running&) = delete;
  Running& operator=(const Running&) = delete;
  ~Running() { leave(); }

 private:
  void leave() noexcept {
    if (--client_.running_ == 0 && client_.closing_) client_.idle_.wakeAll();
  }
  Client& client_;
};

Client::Client(std::shared_ptr<const Settings> settings)
    : settings_(std::move(settings)),
      topology_(std::make_shared<Topology>(settings_)),
      end_(std::make_shared<End>()) {}

asio::awaitable<std::shared_ptr<Client>> Client::open(RedisOptions options) {
  auto settings = std::make_shared<const Settings>(std::move(options));
  auto client = std::make_shared<Client>(settings);
  const asio::any_io_executor executor = co_await asio::this_coro::executor;
  std::shared_ptr<void> alive(nullptr, [end = client->end_](void*) {
    end->reached = true;
    end->waiters.wakeAll();
  });
  client->topology_->start(executor, std::move(alive));
  std::exception_ptr failure;
  try {
    static_cast<void>(co_await client->routing(Clock::now() + settings->options.deadline));
  } catch (const Failure&) {
    failure = std::current_exception();
  } catch (...) {
    client->topology_->stop();
    throw;
  }
  if (failure && settings->options.start == RedisStart::failFast) {
    co_await client->close();
    std::rethrow_exception(failure);
  }
  co_return client;
}

std::shared_ptr<Store> Client::store(const std::string& storeId) {
  return std::make_shared<RedisStore>(shared_from_this(), storeId);
}

asio::awaitable<void> Client::close() {
  const std::shared_ptr<Client> self = shared_from_this();
  closing_ = true;
  co_await waitForIdle(Clock::now() + settings_->options.closeDeadline);
  topology_->stop();
  const auto last = Clock::now() + settings_->options.closeDeadline;
  co_await waitForIdle(last);
  const asio::any_io_executor executor = co_await asio::this_coro::executor;
  for (;;) {
    const auto place = end_->waiters.join(executor);
    if (end_->reached || Clock::now() >= last) co_return;
    co_await place.wait(last);
  }
}

/// Until no operation runs.
asio::awaitable<void> Client::waitForIdle(Clock::time_point until) {
  const asio::any_io_executor executor = co_await asio::this_coro::executor;
  for (;;) {
    const auto place = idle_.join(executor);
    if (running_ == 0 || Clock::now() >= until) co_return;
    co_await place.wait(until);
  }
}

asio::awaitable<std::shared_ptr<const Routing>> Client::routing(Clock::time_point deadline) {
  if (auto known = topology_->routing()) co_return known;
  const asio::any_io_executor executor = co_await asio::this_coro::executor;
  for (;;) {
    const auto round = topology_->rounds().join(executor);
    if (auto known = topology_->routing()) co_return known;
    if (closing_) throw Failure(BackingErrc::closed);
    topology_->refresh();
    co_await round.wait(deadline);
    if (auto known = topology_->routing()) co_return known;
    const Refusal why = topology_->lastFailure();
    if (why.code != BackingErrc::unavailable || topology_->allDown() || Clock::now() >= deadline) {
      throw Failure(why.code, why.detail);
    }
  }
}

asio::awaitable<NodePtr> Client::resolve(const Address& address, Clock::time_point deadline) {
  const asio::any_io_executor executor = co_await asio::this_coro::executor;
  for (;;) {
    const auto round = topology_->rounds().join(executor);
    if (NodePtr node = topology_->node(address)) co_return node;
    if (!settings_->allows(address)) {
      throw Failure(BackingErrc::protocol,
                    "the cluster points to a host that the options do not allow: " +
                        quoted(address.name(), settings_->password));
    }
    if (closing_) throw Failure(BackingErrc::closed);
    if (Clock::now() >= deadline) throw Failure(BackingErrc::unavailable, address.name());
    topology_->want(address);
    co_await round.wait(deadline);
  }
}

/// The connection of a command about which there is nothing special; null: there is.
Connection* Client::usual(std::uint16_t slot, const Routing* known) const {
  const RedisOptions& options = settings_->options;
  if (known == nullptr || options.replicaReads || options.waitReplicas > 0) return nullptr;
  const Routing::Owner* owner = known->owner(slot);
  return owner == nullptr ? nullptr : &owner->primary->connection(slot);
}

/// All that a get costs is here: what is rarely needed is runOn().
asio::awaitable<void> Client::run(RequestPtr request, Access access, std::uint16_t slot,
                                  Sink* sink) {
  const Running running(*this);
  const Abandoning abandoning(*request);
  const auto now = Clock::now();
  std::shared_ptr<const Routing> known = topology_->routing();
  Connection* const connection = usual(slot, known.get());
  if (connection != nullptr) {
    request->done.attach(co_await asio::this_coro::executor);
    request->deadline =
        now + std::min(settings_->options.deadline, settings_->options.commandTimeout);
    connection->submit(request);
    co_await Request::wait(request);
    if (answered(*request)) co_return hand(request->replies.front(), sink);
  }
  Command command(request->expected.front(), access, slot);
  if (connection == nullptr) {
    command.wire = std::move(request->wire);
  } else {
    command.wire = request->wire;
    command.request = request;
    command.node = known->owner(slot)->primary;
  }
  co_await runOn(std::move(command), std::move(known), sink, now + settings_->options.deadline);
}

/// One command, whose first attempt may be over.
asio::awaitable<void> Client::runOn(Command command, std::shared_ptr<const Routing> known,
                                    Sink* sink, Clock::time_point deadline) {
  if (command.request) {
    std::vector<Command*> pending(1, &command);
    co_await finish(std::move(pending), std::move(known), deadline);
  } else {
    co_await run(std::span<Command>(&command, 1), deadline);
  }
  hand(command.reply, sink);
}

asio::awaitable<void> Client::run(std::span<Command> commands, Clock::time_point deadline) {
  const Running running(*this);
  const asio::any_io_executor executor = co_await asio::this_coro::executor;
  std::vector<Command*> pending;
  for (Command& command : commands) pending.push_back(&command);
  std::shared_ptr<const Routing> known = co_await routing(deadline);
  dispatch(pending, *known, settings_->options, turn_, executor, deadline);
  co_await finish(std::move(pending), std::move(known), deadline);
}

/// From the first attempt, which has been sent, to the end.
asio::awaitable<void> Client::finish(std::vector<Command*> pending,
                                     std::shared_ptr<const Routing> known,
                                     Clock::time_point deadline) {
  const asio::any_io_executor executor = co_await asio::this_coro::executor;
  Backoff backoff(std::chrono::milliseconds(5), std::chrono::milliseconds(200),
                  reinterpret_cast<std::uintptr_t>(pending.front()));
  for (;;) {
    for (Command* command : pending) co_await Request::wait(command->request);
    Review round = review(pending, *settings_, *known);
    if (round.learn) topology_->refresh();
    if (round.failure) throw Failure(round.failure->code, round.failure->detail);
    if (round.again.empty()) co_return;
    for (Retry& retry : round.again) co_await aim(*retry.command, retry.decision, deadline);
    if (round.pause) {
      asio::steady_timer timer(executor, std::min(deadline, Clock::now() + backoff.next()));
      co_await timer.async_wait(asio::use_awaitable);
    }
    const Decision& first = round.again.front().decision;
    if (Clock::now() >= deadline) throw Failure(first.code, first.detail);
    pending.clear();
    for (const Retry& retry : round.again) pending.push_back(retry.command);
    known = co_await routing(deadline);
    dispatch(pending, *known, settings_->options, turn_, executor, deadline);
  }
}

/// Where the next attempt goes.
asio::awaitable<void> Client::aim(Command& command, const Decision& decision,
                                  Clock::time_point deadline) {
  if (decision.next == Next::sendSource) co_return;  // where it went, and with ASKING if it was
  command.primary = true;
  command.asking = decision.next == Next::ask;
  if (command.pinned) co_return;
  command.target = nullptr;
  if (command.asking || decision.next == Next::redirect) {
    command.target = co_await resolve(decision.address, deadline);
  }
}

}  // namespace persistance::backing::redis
