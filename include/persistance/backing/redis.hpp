#pragma once
/// @file
/// The Redis backing: one store for many machines. It lives in a library of its own,
/// `persistance-redis`.

#include <chrono>
#include <cstddef>
#include <string>
#include <utility>
#include <vector>

#include <persistance/byte_size.hpp>
#include <persistance/persistance.hpp>

namespace persistance {

/// What is at the other end.
enum class RedisTopology {
  automatic,   ///< Ask the server: Cluster where it says so, else standalone. A Cluster stays one,
               ///< and is told by the ids of its nodes for as long as the layer lives.
  standalone,  ///< One server; where several are named, the first that answers.
  cluster,     ///< Redis Cluster; a server that is none is an error.
};

/// What building the layer does while no server answers.
enum class RedisStart {
  failFast,  ///< Fails with what the server, or its absence, said.
  degraded,  ///< Succeeds; operations fail until a server answers, and work from then on.
};

/// How `rediss://` servers prove who they are. One that does not is `authFailed`, and the message
/// says what is wrong with its certificate: the authority, the name, or the time.
struct RedisTls {
  std::string caFile;           ///< PEM; empty: the system's certificates.
  std::string certificateFile;  ///< PEM chain that this client shows; empty: none.
  std::string keyFile;          ///< PEM key of that chain.
  std::string serverName;       ///< The name or address to expect; empty: the host of the address.
  bool verifyPeer = true;       ///< False takes any certificate: for tests on loopback.

  RedisTls() {}
};

/// Where the servers are, and the limits within which the client works.
///
/// A URL is `redis://[[user]:password@]host[:port][/db]`, `rediss://...` for TLS, or
/// `unix://[[user]:password@]/path/to.sock[?db=N]`; user and password are percent-encoded. Several
/// URLs are several nodes of one Cluster to begin with, or places to look for one server; they share
/// one set of credentials. Neither a password nor a whole URL is ever part of an error's message.
struct RedisOptions {
  // ---- Where the servers are ----

  /// Where to begin. In a Cluster a few of its nodes are enough: the others are learnt from them.
  /// Name more than one, so that the layer can be built while one is down.
  std::vector<std::string> urls;

  /// In front of every key. Default: "persistance:". Change it where programs that must not see
  /// each other's stores share a server. No `{`. Costs its length in each key.
  std::string keyPrefix = "persistance:";

  /// What the servers are. Default: they are asked. Name it where a server of the wrong kind should
  /// be an error.
  RedisTopology topology = RedisTopology::automatic;

  /// Where a cluster may point to: host names or addresses, without ports. Default: anywhere. Set it
  /// where a redirect to a foreign host must not be followed.
  std::vector<std::string> allowedHosts;

  /// What building the layer does while no server answers. Default: it fails.
  RedisStart start = RedisStart::failFast;

  RedisTls tls;

  // ---- How long an operation may take ----

  /// One operation, clear apart, with all its attempts, redirects and pauses. Default: 5 s. Lower it
  /// to what your callers wait for; below the time of a failover, operations fail during one.
  std::chrono::milliseconds deadline{5000};

  /// One attempt at one command. Default: 2 s. Keep it below `deadline`, so that a read can be tried
  /// again; raise it for large values over slow networks. A connection that is silent for so long
  /// while it owes a reply is given up.
  std::chrono::milliseconds commandTimeout{2000};

  /// One clear, which walks through all keys of the server. Default: 60 s. Raise it for servers with
  /// very many keys.
  std::chrono::milliseconds clearDeadline{60000};

  /// How long closing the layer waits for what is still running, before that fails. Default: 2 s.
  std::chrono::milliseconds closeDeadline{2000};

  // ---- Connections ----

  /// Default: 1. Operations of the same key always share a connection and arrive in order. More
  /// than one helps where large values hold up small ones; each costs a socket, here and there, and
  /// about 200 KB.
  std::size_t connectionsPerNode = 1;

  /// One attempt to connect: resolving, TLS and greeting included. Default: 2 s.
  std::chrono::milliseconds connectTimeout{2000};

  /// A connection that was silent for this long is asked whether it lives. Default: 2 s. A lower
  /// one finds dead connections sooner, for one PING each.
  std::chrono::milliseconds healthInterval{2000};

  /// The pause between two attempts to connect: the first, doubled each time up to the limit, and
  /// each drawn from its upper half. Default: 20 ms and 1 s. Raise the limit where very many
  /// clients share a server.
  std::chrono::milliseconds reconnectDelay{20};
  std::chrono::milliseconds reconnectDelayLimit{1000};

  /// After so many failed attempts in a row a node counts as down: operations then fail at once,
  /// except one now and then that has it tried again. Default: 5.
  std::size_t breakerThreshold = 5;

  // ---- Limits ----

  /// Operations that may wait in front of one connection, for their reply included; more than that
  /// fail at once as `overloaded`. Default: 16384.
  std::size_t queueLimit = 16384;

  /// The same in bytes of what is sent. Default: 1 GiB. Lower it where many large values are
  /// written: while a server is stuck, they take that much memory.
  ByteSize queueBytes = ByteSize::gibi(1);

  /// A value over this is refused as `tooLarge` before it is sent. Default: 512 MiB, as much as the
  /// server takes unless its own `proto-max-bulk-len` was raised. At most 1 GiB.
  ByteSize valueLimit = ByteSize::mebi(512);

  /// A reply over this many bytes, or over this many elements, closes the connection. Default: 1 GiB
  /// and 2^20. Lower them where the server is not trusted; a getMany has to fit. At most 1 GiB.
  ByteSize replyLimit = ByteSize::gibi(1);
  std::size_t replyElementLimit = std::size_t{1} << 20;

  /// How often one operation follows MOVED and ASK before it fails as `redirectLimit`. Default: 8.
  std::size_t redirectLimit = 8;

  // ---- Replicas ----

  /// Reads may go to replicas, which lag behind: a get may miss a set that was acknowledged.
  /// Default: false. Set it where primaries are busy with reads.
  bool replicaReads = false;

  /// Each write waits until so many replicas have it too (`WAIT`). Default: 0. Not durability, and
  /// no promise over a failover: it narrows the window. Too few in time ends as `unknownOutcome`:
  /// the primary has applied the write. Costs a round trip to the replicas for each write.
  std::size_t waitReplicas = 0;
  /// How long a write waits for them. Default: 1 s.
  std::chrono::milliseconds waitTimeout{1000};

  RedisOptions(std::string url) : urls{std::move(url)} {}  // NOLINT: a URL is all that most need
  RedisOptions(const char* url) : urls{url} {}             // NOLINT
  RedisOptions(std::vector<std::string> urls_) : urls(std::move(urls_)) {}  // NOLINT
};

/// Stores in Redis, standalone or Cluster. An acknowledged write was applied by the primary that
/// answered; what it survives from there on is the server's configuration and Redis' asynchronous
/// replication.
///
/// Operations that are issued in one turn of the loop travel in one write; a few connections per
/// node serve every store and every thread. They live on the executor of the coroutine that builds
/// the layer. What was not sent when a connection goes is sent over the next one within its
/// deadline, and reads are repeated; a write that was sent and not answered ends as
/// `unknownOutcome`. setMany and removeMany are not atomic, and getMany is no snapshot: each key
/// stands alone. Compare and set, and a value with its time to live, are scripts: a user needs the
/// right to EVAL and EVALSHA for them. keys goes over all primaries by SCAN, and needs INFO to
/// notice that a server was started anew between two pages, and CLUSTER NODES in a Cluster; a key
/// may come twice.
///
/// @par Errors        The build: std::invalid_argument for options that make no sense,
///                    PersistanceBackingError ("make") where no server serves and `start` is
///                    failFast. An operation: `unavailable`, `timeout`, `overloaded`,
///                    `unknownOutcome`, `authFailed`, `protocol`, `wrongType`, `outOfMemory`,
///                    `readOnly`, `io`, `closed`, `tooLarge`, `redirectLimit`.
/// @par Cancellation  Terminal; ends with operation_aborted. The connection stays in use: a late
///                    reply is dropped. A write may be applied all the same.
/// @par Cost          One round trip for get, set, remove, and for getMany, setMany and removeMany on
///                    one node; in a Cluster one for each node, at the same time. clear, and keys
///                    to its last page, scan all keys of the server.
[[nodiscard]] layer::Layer<layer::Requires<>, layer::Provides<BackingPersistance>> layerRedis(
    RedisOptions options);

}  // namespace persistance
