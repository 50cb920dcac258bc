#pragma once
/// A real Redis Cluster of the test's own: three primaries, three replicas, on loopback.

#include <algorithm>
#include <memory>
#include <vector>

#include "support/server.hpp"

namespace persistance::test {

class RedisCluster {
 public:
  RedisCluster() {
    for (int i = 0; i < 6; ++i) {
      nodes_.push_back(std::make_unique<RedisServer>(
          std::vector<std::string>{"--cluster-enabled", "yes", "--cluster-node-timeout", "600",
                                   "--cluster-config-file", "nodes.conf",
                                   "--repl-diskless-sync-delay", "0",
                                   "--cluster-replica-validity-factor", "0"},
          RedisServer::Over::tcp, 10000));
    }
    std::string create = "redis-cli --cluster create";
    for (const auto& node : nodes_) create += " 127.0.0.1:" + std::to_string(node->port());
    create +=
        " --cluster-replicas 1 --cluster-yes >" + (nodes_[0]->directory() / "create").string();
    if (std::system(create.c_str()) != 0) throw std::runtime_error("cluster create failed");
    waitUntilWhole();
  }

  RedisServer& node(std::size_t index) { return *nodes_[index]; }
  std::size_t size() const { return nodes_.size(); }
  std::vector<std::string> urls() const {
    std::vector<std::string> all;
    for (const auto& node : nodes_) all.push_back(node->url());
    return all;
  }

  RedisServer& at(std::uint16_t port) {
    for (const auto& node : nodes_) {
      if (node->port() == port) return *node;
    }
    throw std::runtime_error("no node there");
  }

  /// The index of the node that is primary for the slot, as `from` sees it.
  std::uint16_t ownerPort(int slot, std::size_t from = 0) {
    std::uint16_t port = 0;
    nodes_[from]->command({"PING"});
    redisContext* context = ::redisConnectUnix(nodes_[from]->socketPath().c_str());
    auto* reply = static_cast<redisReply*>(::redisCommand(context, "CLUSTER SLOTS"));
    for (std::size_t i = 0; i < reply->elements; ++i) {
      const redisReply* range = reply->element[i];
      if (range->element[0]->integer <= slot && slot <= range->element[1]->integer) {
        port = static_cast<std::uint16_t>(range->element[2]->element[1]->integer);
      }
    }
    ::freeReplyObject(reply);
    ::redisFree(context);
    return port;
  }

  std::size_t indexOf(std::uint16_t port) {
    for (std::size_t i = 0; i < nodes_.size(); ++i) {
      if (nodes_[i]->port() == port) return i;
    }
    throw std::runtime_error("no node there");
  }

  /// The one replica of that primary.
  RedisServer& replicaOf(std::uint16_t primary) {
    for (const auto& node : nodes_) {
      const std::string info = node->command({"INFO", "replication"});
      if (info.find("master_port:" + std::to_string(primary) + "\r") != std::string::npos) {
        return *node;
      }
    }
    throw std::runtime_error("no replica of that node");
  }

  std::string idOf(std::uint16_t port) { return at(port).command({"CLUSTER", "MYID"}); }

  /// Opens the slot: its keys may walk from its owner to `to` from now on.
  void openSlot(int slot, std::uint16_t to) {
    const std::uint16_t from = ownerPort(slot);
    const std::string number = std::to_string(slot);
    at(to).command({"CLUSTER", "SETSLOT", number, "IMPORTING", idOf(from)});
    at(from).command({"CLUSTER", "SETSLOT", number, "MIGRATING", idOf(to)});
  }
  /// Sends `share` of its keys, in percent.
  void sendKeys(int slot, std::uint16_t from, std::uint16_t to, std::size_t share = 100) {
    std::vector<std::string> names =
        at(from).list({"CLUSTER", "GETKEYSINSLOT", std::to_string(slot), "100000"});
    names.resize(names.size() * share / 100);
    if (names.empty()) return;
    std::vector<std::string> migrate{"MIGRATE", "127.0.0.1", std::to_string(to), "", "0",
                                     "5000",    "KEYS"};
    migrate.insert(migrate.end(), names.begin(), names.end());
    at(from).command(migrate);
  }
  /// All is there: the slot is the other's, who is told first. One whose configuration was older
  /// than it knew loses the slot to the one who sent it, and is told again.
  void closeSlot(int slot, std::uint16_t to) {
    const std::string id = idOf(to);
    for (int agreed = 0; agreed < 3; ++agreed) {
      if (agreed == 0 || ownerPort(slot, indexOf(to)) != to) {
        agreed = 0;
        at(to).command({"CLUSTER", "SETSLOT", std::to_string(slot), "NODE", id});
        for (const auto& node : nodes_) {
          node->command({"CLUSTER", "SETSLOT", std::to_string(slot), "NODE", id});
        }
      }
      std::this_thread::sleep_for(std::chrono::milliseconds(4));
    }
  }
  /// The move is given up: its keys come back.
  void callBack(int slot, std::uint16_t from, std::uint16_t to) {
    const std::string number = std::to_string(slot);
    at(from).command({"CLUSTER", "SETSLOT", number, "STABLE"});
    sendKeys(slot, to, from);
    at(to).command({"CLUSTER", "SETSLOT", number, "STABLE"});
  }
  void moveSlot(int slot, std::uint16_t to) {
    const std::uint16_t from = ownerPort(slot);
    openSlot(slot, to);
    sendKeys(slot, from, to);
    closeSlot(slot, to);
  }
  /// Another primary than the one at that port.
  std::uint16_t otherThan(std::uint16_t port) {
    for (int slot = 0; slot < 16384; slot += 512) {
      if (ownerPort(slot) != port) return ownerPort(slot);
    }
    throw std::runtime_error("one node owns all");
  }

  /// Makes a replica a primary that owns nothing.
  std::uint16_t addPrimary() {
    RedisServer& node = replicaOf(ownerPort(0));
    node.command({"CLUSTER", "RESET", "SOFT"});
    node.command({"CLUSTER", "MEET", "127.0.0.1", std::to_string(nodes_[0]->port())});
    const std::string line = idOf(node.port()) + " 127.0.0.1:" + std::to_string(node.port());
    for (int i = 0; i < 1000; ++i) {
      std::size_t know = 0;
      for (const auto& other : nodes_) {
        const std::string all = other->command({"CLUSTER", "NODES"});
        const auto at = all.find(line);
        if (at == std::string::npos) continue;
        const std::string rest = all.substr(at, all.find('\n', at) - at);
        if (rest.find("master") != std::string::npos) ++know;
      }
      // And it knows them: its own line, and those of all others.
      const std::string own = node.command({"CLUSTER", "NODES"});
      const auto lines = static_cast<std::size_t>(std::count(own.begin(), own.end(), '\n'));
      const bool met = lines == nodes_.size() && own.find("handshake") == std::string::npos;
      if (met && know == nodes_.size()) return node.port();
      std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
    throw std::runtime_error("the new primary was not met");
  }

  void clean() {
    for (const auto& node : nodes_) node->command({"FLUSHALL"});
  }

 private:
  /// Every node serves, and every primary has its replica.
  void waitUntilWhole() {
    for (int i = 0; i < 1500; ++i) {
      bool whole = true;
      int replicas = 0;
      for (const auto& node : nodes_) {
        const std::string info = node->command({"CLUSTER", "INFO"});
        whole = whole && info.find("cluster_state:ok") != std::string::npos;
        const std::string replication = node->command({"INFO", "replication"});
        if (replication.find("master_link_status:up") != std::string::npos) ++replicas;
      }
      if (whole && replicas == 3) return;
      std::this_thread::sleep_for(std::chrono::milliseconds(20));
    }
    throw std::runtime_error("the cluster did not become whole");
  }

  std::vector<std::unique_ptr<RedisServer>> nodes_;
};

/// One cluster for all that does it no harm.
inline RedisCluster& sharedCluster() {
  static RedisCluster cluster;
  return cluster;
}

}  // namespace persistance::test
