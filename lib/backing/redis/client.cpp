#include "backing/redis/client.hpp"

#include <algorithm>
#include <random>

#include "backing/redis/command.hpp"
#include "backing/redis/redis_store.hpp"

namespace persistance::redis {

using backing::Failure;

/// A read after which the connection went, so often, may be why it went.
constexpr std::size_t maxLosses = 3;

/// What goes to one connection in one request.
struct Client::Flight {
  NodePtr node;
  Connection* connection = nullptr;  // of `node`
  RequestPtr request;
  std::vector<Command*> commands;
  bool applied = false;  // a write, by the node

  Flight() = default;
  Flight(Flight&&) = default;
  Flight& operator=(Flight&&) = default;
  // Also when the coroutine is cancelled or destroyed: what is not sent yet need not be.
  ~Flight() {
    if (request) request->abandoned = true;
  }
};

namespace {

/// Also when the coroutine is cancelled or destroyed: what is not sent yet need not be.
struct Abandon {
  Request& request;
  ~Abandon() { request.abandoned = true; }
};

void hand(const Reply& reply, backing::Sink* sink) {
  if (sink == nullptr || reply.kind() != ReplyKind::bulk) return;
  sink->found(0, std::as_bytes(std::span(reply.text())));
}

}  // namespace

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
      directory_(std::make_shared<Directory>(settings_)),
      ending_(std::make_shared<Ending>()) {}

asio::awaitable<std::shared_ptr<Client>> Client::open(RedisOptions options) {
  auto settings = std::make_shared<const Settings>(std::move(options));
  auto client = std::make_shared<Client>(settings);
  const asio::any_io_executor executor = co_await asio::this_coro::executor;
  std::shared_ptr<void> alive(nullptr, [ending = client->ending_](void*) {
    ending->over = true;
    ending->waiters.wakeAll();
  });
  client->directory_->start(executor, std::move(alive));
  std::exception_ptr failure;
  try {
    const auto deadline = Clock::now() + settings->options.operationTimeout;
    static_cast<void>(co_await client->routing(deadline));
  } catch (const Failure&) {
    failure = std::current_exception();
  } catch (...) {
    client->directory_->stop();
    throw;
  }
  if (failure && settings->options.start == RedisStart::failFast) {
    co_await client->close();
    std::rethrow_exception(failure);
  }
  co_return client;
}

std::shared_ptr<backing::Store> Client::store(std::string storeId) {
  return std::make_shared<RedisStore>(shared_from_this(), storeId);
}

asio::awaitable<void> Client::close() {
  const std::shared_ptr<Client> self = shared_from_this();
  const asio::any_io_executor executor = co_await asio::this_coro::executor;
  closing_ = true;
  const auto until = Clock::now() + settings_->options.closeTimeout;
  for (;;) {
    const auto idle = idle_.join(executor);
    if (running_ == 0 || Clock::now() >= until) break;
    co_await Waiters::wait(idle, until);
  }
  directory_->stop();
  const auto last = Clock::now() + settings_->options.closeTimeout;
  for (;;) {
    const auto idle = idle_.join(executor);
    if (running_ == 0 || Clock::now() >= last) break;
    co_await Waiters::wait(idle, last);
  }
  for (;;) {
    const auto over = ending_->waiters.join(executor);
    if (ending_->over || Clock::now() >= last) break;
    co_await Waiters::wait(over, last);
  }
}

asio::awaitable<std::shared_ptr<const Routing>> Client::routing(Clock::time_point deadline) {
  const asio::any_io_executor executor = co_await asio::this_coro::executor;
  for (;;) {
    const auto round = directory_->rounds().join(executor);
    if (auto known = directory_->routing()) co_return known;
    if (closing_) throw Failure(BackingErrc::closed);
    directory_->refresh();
    co_await Waiters::wait(round, deadline);
    if (auto known = directory_->routing()) co_return known;
    const Refusal why = directory_->lastFailure();
    if (why.code != BackingErrc::unavailable || directory_->down() || Clock::now() >= deadline) {
      throw Failure(why.code, why.detail);
    }
  }
}

asio::awaitable<NodePtr> Client::resolve(const Address& address, Clock::time_point deadline) {
  const asio::any_io_executor executor = co_await asio::this_coro::executor;
  for (;;) {
    const auto round = directory_->rounds().join(executor);
    if (NodePtr node = directory_->node(address)) co_return node;
    if (!settings_->allows(address)) {
      throw Failure(BackingErrc::protocol,
                    "the cluster points to a host that the options do not allow: " +
                        quoted(address.name(), settings_->password));
    }
    if (closing_) throw Failure(BackingErrc::closed);
    if (Clock::now() >= deadline) throw Failure(BackingErrc::unavailable, address.name());
    directory_->want(address);
    co_await Waiters::wait(round, deadline);
  }
}

NodePtr Client::place(const Command& command, const Routing& routing) {
  if (command.at) return command.at;
  const Routing::Shard* shard = routing.shard(command.slot);
  if (shard == nullptr) return nullptr;
  if (settings_->options.replicaReads && command.access == Access::read && !command.primaryOnly) {
    const unsigned first = turn_++;
    for (unsigned i = 0; i < shard->replicas.size(); ++i) {
      const NodePtr& replica = shard->replicas[(first + i) % shard->replicas.size()];
      if (!replica->connection(command.slot).down()) return replica;
    }
  }
  return shard->primary;
}

std::vector<Client::Flight> Client::launch(std::span<Command* const> commands,
                                           const Routing& routing,
                                           const asio::any_io_executor& executor,
                                           Clock::time_point deadline) {
  std::vector<Flight> flights;
  for (Command* command : commands) {
    const NodePtr node = place(*command, routing);
    Connection* connection = node ? &node->connection(command->slot) : nullptr;
    auto flight = std::find_if(flights.begin(), flights.end(),
                               [&](const Flight& other) { return other.connection == connection; });
    if (flight == flights.end()) {
      flight = flights.emplace(flights.end());
      flight->node = node;
      flight->connection = connection;
      flight->request = std::make_shared<Request>(executor, deadline);
    }
    flight->commands.push_back(command);
  }
  for (Flight& flight : flights) prepare(flight, deadline);
  for (Flight& flight : flights) {
    if (flight.connection != nullptr) {
      flight.connection->submit(flight.request);
    } else {
      flight.request->finish(
          Refusal(BackingErrc::unavailable, false, "no node of the cluster serves this slot"));
    }
  }
  return flights;
}

/// Puts the commands into the request.
void Client::prepare(Flight& flight, Clock::time_point deadline) const {
  const RedisOptions& options = settings_->options;
  Request& request = *flight.request;
  CommandWriter writer(request.wire);
  bool writes = false;
  for (const Command* command : flight.commands) {
    if (command->asking) {
      writer.command("ASKING");
      request.expected += expects::status;
    }
    request.wire += command->wire;
    request.expected += command->expected;
    writes = writes || command->access == Access::write;
  }
  auto attempt = options.commandTimeout;
  if (writes && options.waitReplicas > 0) {
    writer.command("WAIT", std::to_string(options.waitReplicas),
                   std::to_string(options.waitTimeout.count()));
    request.expected += expects::integer;
    attempt += options.waitTimeout;
  }
  request.replies.reserve(request.expected.size());
  request.deadline = std::min(deadline, Clock::now() + attempt);
}

Verdict Client::judgeOne(Flight& flight, std::size_t index, std::size_t& reply,
                         bool cluster) const {
  Command& command = *flight.commands[index];
  Situation situation;
  situation.access = command.access;
  situation.cluster = cluster && !command.pinned;
  situation.secret = settings_->password;
  if (flight.node) situation.host = flight.node->address.host;
  Request& request = *flight.request;
  if (request.refusal) return judge(situation, *request.refusal);
  if (command.asking) ++reply;
  Verdict verdict = judge(situation, request.replies[reply]);
  if (verdict.step == Step::done) command.reply = std::move(request.replies[reply]);
  ++reply;
  return verdict;
}

/// The reply to WAIT comes after all others. A node that applied nothing is not asked how many
/// replicas have it: that of a write which was redirected tells nothing.
void Client::checkWait(const Flight& flight) const {
  if (settings_->options.waitReplicas == 0 || !flight.applied) return;
  const Reply& reply = flight.request->replies.back();
  const auto wanted = static_cast<std::int64_t>(settings_->options.waitReplicas);
  if (reply.kind() == ReplyKind::integer && reply.root.integer >= wanted) return;
  throw Failure(BackingErrc::unknownOutcome,
                "applied by the primary, but not by as many replicas as were asked for in time");
}

asio::awaitable<void> Client::run(RequestPtr request, Access access, std::uint16_t slot,
                                  backing::Sink* sink) {
  const Running running(*this);
  const RedisOptions& options = settings_->options;
  const auto now = Clock::now();
  const auto deadline = now + options.operationTimeout;
  const std::shared_ptr<const Routing> known = directory_->routing();
  const Routing::Shard* shard = known ? known->shard(slot) : nullptr;
  const bool usual = shard != nullptr && !options.replicaReads && options.waitReplicas == 0;
  if (usual) {
    const Abandon abandon{*request};
    request->done.attach(co_await asio::this_coro::executor);
    request->deadline = std::min(deadline, now + options.commandTimeout);
    shard->primary->connection(slot).submit(request);
    co_await async::Event::wait(Request::event(request));
    if (!request->refusal && request->replies.front().kind() != ReplyKind::error) {
      hand(request->replies.front(), sink);
      co_return;
    }
  }
  Command command;
  command.wire = request->wire;
  command.expected = request->expected.front();
  command.access = access;
  command.slot = slot;
  if (usual) {
    std::vector<Flight> flights(1);
    flights.front().node = shard->primary;
    flights.front().request = std::move(request);
    flights.front().commands.push_back(&command);
    co_await follow(std::move(flights), known, deadline);
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
  const std::shared_ptr<const Routing> known = co_await routing(deadline);
  std::vector<Flight> flights = launch(pending, *known, executor, deadline);
  co_await follow(std::move(flights), known, deadline);
}

/// From the first attempt, which has been sent, to the end.
asio::awaitable<void> Client::follow(std::vector<Flight> flights,
                                     std::shared_ptr<const Routing> known,
                                     Clock::time_point deadline) {
  const asio::any_io_executor executor = co_await asio::this_coro::executor;
  const std::size_t maxHops = settings_->options.maxRedirects;
  Backoff backoff(std::chrono::milliseconds(5), std::chrono::milliseconds(200),
                  reinterpret_cast<std::uintptr_t>(flights.data()));
  std::vector<Command*> pending;
  for (;;) {
    pending.clear();
    std::vector<Verdict> redirects;  // of `pending`, in its order
    std::optional<Verdict> failed;
    bool rest = false;
    bool refresh = false;
    for (Flight& flight : flights) {
      co_await async::Event::wait(Request::event(flight.request));
      std::size_t reply = 0;
      for (std::size_t i = 0; i < flight.commands.size(); ++i) {
        Verdict verdict = judgeOne(flight, i, reply, known->cluster);
        Command& command = *flight.commands[i];
        if (verdict.step == Step::done) {
          flight.applied = flight.applied || command.access == Access::write;
          continue;
        }
        const bool lost = flight.request->refusal && flight.request->refusal->sent;
        if (lost && ++command.losses >= maxLosses) verdict.step = Step::fail;
        if (verdict.step == Step::moved || verdict.step == Step::ask) {
          if (++command.hops > maxHops) {
            verdict.step = Step::fail;
            verdict.code = BackingErrc::redirectLimit;
          } else if (command.hops > 2) {
            rest = true;  // two nodes that point to each other: they are about to agree
          }
        }
        if (verdict.step == Step::spellOut) {
          if (const Script* script = std::exchange(command.script, nullptr)) {
            script->spellOut(command.wire);
          } else {  // with the source in its hands
            verdict.step = Step::fail;
            verdict.code = BackingErrc::protocol;
          }
        }
        if (verdict.step == Step::fail) {
          if (!failed) failed = std::move(verdict);
          continue;
        }
        refresh = refresh || verdict.step == Step::moved || verdict.step == Step::elsewhere;
        rest = rest || verdict.step == Step::again || verdict.step == Step::elsewhere;
        pending.push_back(&command);
        redirects.push_back(std::move(verdict));
      }
    }
    if (refresh) directory_->refresh();
    if (failed) throw Failure(failed->code, failed->detail);
    for (const Flight& flight : flights) checkWait(flight);
    if (pending.empty()) co_return;
    for (std::size_t i = 0; i < pending.size(); ++i) {
      Command& command = *pending[i];
      const Verdict& verdict = redirects[i];
      if (verdict.step == Step::spellOut) continue;  // where it went, and with ASKING if it was
      command.primaryOnly = true;
      command.asking = verdict.step == Step::ask;
      if (command.pinned) continue;
      command.at = nullptr;
      if (command.asking || verdict.step == Step::moved) {
        command.at = co_await resolve(verdict.address, deadline);
      }
    }
    if (rest) {
      asio::steady_timer timer(executor, std::min(deadline, Clock::now() + backoff.next()));
      co_await timer.async_wait(asio::use_awaitable);
    }
    if (Clock::now() >= deadline) throw Failure(redirects.front().code, redirects.front().detail);
    known = co_await routing(deadline);
    flights = launch(pending, *known, executor, deadline);
  }
}

}  // namespace persistance::redis
