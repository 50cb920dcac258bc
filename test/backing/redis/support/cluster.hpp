#pragma once
/// A real Redis Cluster of the test's own: three primaries, three replicas, on loopback.

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
