#pragma once
/// A cluster that says what the test tells it to: a few scripted servers, the first of which is said
/// to own all slots.

#include "support/fake_server.hpp"

namespace persistance::test {

class FakeCluster {
 public:
  /// Answers all but the greeting and CLUSTER SLOTS; called in the thread of each server.
  using Script = std::function<Action(const FakeCluster&, std::size_t node, const Words& command)>;

  explicit FakeCluster(Script script, std::size_t nodes = 2) : script_(std::move(script)) {
    for (std::size_t node = 0; node < nodes; ++node) {
      nodes_.push_back(std::make_unique<FakeServer>([this, node](const Words& command) {
        if (command[0] == "PING") return Action("+PONG\r\n");
        if (command[0] == "CLUSTER") return Action(slots());
        ++asked;
        return script_(*this, node, command);
      }));
      nodes_.back()->greets = false;
    }
  }

  std::uint16_t port(std::size_t node) const { return nodes_[node]->port(); }
  int connections(std::size_t node) const { return nodes_[node]->connections(); }
  std::string url() const { return nodes_[0]->url(); }

  /// An error reply that points to a place.
  static Action redirect(const std::string& word, const std::string& place) {
    return Action("-" + word + " 1 " + place + "\r\n");
  }
  std::string place(std::size_t node) const { return "127.0.0.1:" + std::to_string(port(node)); }

  /// The port of the one that is said to own all slots; 0: the first node's.
  std::atomic<std::uint16_t> owner = 0;
  /// Commands that the script has answered.
  std::atomic<int> asked = 0;

 private:
  std::string slots() const {
    return "*1\r\n*3\r\n:0\r\n:16383\r\n*2\r\n$9\r\n127.0.0.1\r\n:" +
           std::to_string(owner == 0 ? port(0) : owner.load()) + "\r\n";
  }

  Script script_;
  std::vector<std::unique_ptr<FakeServer>> nodes_;
};

}  // namespace persistance::test
