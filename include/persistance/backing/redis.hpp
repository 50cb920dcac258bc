#pragma once
/// @file
/// The Redis backing: one store for many machines. It lives in a library of its own,
/// `persistance-redis`.

#include <chrono>
#include <cstddef>
#include <string>
#include <utility>
#include <vector>

#include <persistance/persistance.hpp>

namespace persistance {

/// What is at the other end.
enum class RedisTopology {
  automatic,   ///< Ask the server: Cluster where it says so, else standalone.
  standalone,  ///< One server; where several are named, the first that answers.
  cluster,     ///< Redis Cluster; a server that is none is an error.
};

/// What building the layer does while no server answers.
enum class RedisStart {
  failFast,  ///< Fails with what the server, or its absence, said.
  degraded,  ///< Succeeds; operations fail until a server answers, and work from then on.
};

/// How `rediss://` servers prove who they are. One that does not is `authFailed`, and the message
/// says what its certificate lacks: another authority, another name, or its time is over.
struct RedisTls {
  std::string caFile;           ///< PEM; empty: the system's certificates.
  std::string certificateFile;  ///< PEM chain that this client shows; empty: none.
  std::string keyFile;          ///< PEM key of that chain.
  std::string serverName;       ///< The name or address to expect; empty: the address' own host.
  bool verifyPeer = true;       ///< False takes any certificate: for tests on loopback.

  RedisTls() {}
};

/// Where the servers are, and the bounds within which the client works.
///
/// A URL is `redis://[[user]:password@]host[:port][/db]`, `rediss://...` for TLS, or
/// `unix://[[user]:password@]/path/to.sock[?db=N]`; user and password are percent-encoded. Several
/// URLs are several seeds of one Cluster, or places to look for one server; they share one set of
/// credentials. Neither a password nor a whole URL is ever part of an error's message.
struct RedisOptions {
  std::vector<std::string> urls;

  /// In front of every key, so that a server can be shared with other software. No `{`.
  std::string keyPrefix = "persistance:";

  RedisTopology topology = RedisTopology::automatic;
  RedisStart start = RedisStart::failFast;
  RedisTls tls;

  /// Operations of the same key always share a connection and arrive in order. More than one helps
  /// where large values would hold up small ones.
  std::size_t connectionsPerNode = 1;

  /// One attempt to connect: resolving, TLS and greeting included.
  std::chrono::milliseconds connectTimeout{2000};
  /// One attempt at one command. Keep it below operationTimeout, so that a read can be tried again.
  std::chrono::milliseconds commandTimeout{2000};
  /// One get, getMany, set, setMany or remove with all its attempts, redirects and waits.
  std::chrono::milliseconds operationTimeout{5000};
  /// One clear, which walks through all keys of the server.
  std::chrono::milliseconds clearTimeout{60000};
  /// How long closing the layer waits for what is still running, before that fails.
  std::chrono::milliseconds closeTimeout{2000};

  /// A connection that was silent for this long is asked whether it lives.
  std::chrono::milliseconds healthInterval{2000};
  /// Between two attempts to connect: the first pause, doubled each time up to the last, and each
  /// drawn from its upper half.
  std::chrono::milliseconds reconnectFirst{20};
  std::chrono::milliseconds reconnectLast{1000};
  /// After so many failed attempts in a row a node counts as down: operations then fail at once,
  /// one now and then excepted that asks again.
  std::size_t breakerThreshold = 5;

  /// Operations and bytes that may wait in front of one connection, for their reply included;
  /// more than that fail at once as overloaded.
  std::size_t queueLimit = 16384;
  std::size_t queueBytes = std::size_t{1} << 30;

  /// A value over this is refused before it is sent. The server has its own `proto-max-bulk-len`.
  std::size_t maxValueSize = std::size_t{512} << 20;
  /// A reply over this many bytes, or over this many elements, closes the connection.
  std::size_t maxReplySize = std::size_t{1} << 30;
  std::size_t maxReplyElements = std::size_t{1} << 20;

  /// How often one operation follows MOVED and ASK.
  std::size_t maxRedirects = 8;
  /// Where a cluster may point to; empty: anywhere. Host names or addresses, without ports.
  std::vector<std::string> allowedHosts;
  /// Reads may go to replicas, which lag behind: a get may miss a set that was acknowledged.
  bool replicaReads = false;

  /// Each write waits until so many replicas have it too (`WAIT`). Not durability, and no promise
  /// over a failover: it narrows the window. Too few in time ends as unknownOutcome: the primary
  /// has applied the write.
  std::size_t waitReplicas = 0;
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
/// `unknownOutcome`. setMany is not atomic, and getMany is no snapshot: each key for itself.
///
/// @par Errors        The build: std::invalid_argument for options that make no sense,
///                    PersistanceBackingError ("make") where no server serves and `start` is
///                    failFast. An operation: `unavailable`, `timeout`, `overloaded`,
///                    `unknownOutcome`, `authFailed`, `protocol`, `wrongType`, `outOfMemory`,
///                    `readOnly`, `io`, `closed`, `tooLarge`, `redirectLimit`.
/// @par Cancellation  Terminal; ends with operation_aborted. The connection stays in use: a late
///                    reply is dropped. A write may be applied all the same.
/// @par Cost          One round trip for get, set, remove, and for getMany and setMany on one node;
///                    in a Cluster one for each node, at the same time. clear scans all keys of the
///                    server.
[[nodiscard]] layer::Layer<layer::Requires<>, layer::Provides<BackingPersistance>> layerRedis(
    RedisOptions options);

}  // namespace persistance
