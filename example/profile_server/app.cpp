#include "app.hpp"

#include <cstdio>
#include <string>

namespace profile_server {
namespace {

// A line for each layer as soon as it is there.
void tellStart(const layer::LayerEvent& event) {
  if (event.kind != layer::LayerEvent::Kind::ended) return;
  const std::chrono::duration<double, std::milli> time = event.duration;
  std::fprintf(stderr, "%8.1f ms  %s\n", time.count(), std::string(event.layer).c_str());
}

}  // namespace

App app(const Options& options, const Backing& backing) {
  const auto config = layer::succeed(
      std::make_shared<ServerConfig>(options.address, options.port, options.shutdownDeadline));
  const App server =
      layer::wire<Listener>(config, backing, persistance::layerSchema, profilesLayer, serverLayer);
  return options.timeline ? layer::observe(server, tellStart) : server;
}

int serve(const App& server, const Options& options) {
  layer::MainOptions how("profile_server");
  // The server itself cuts off what is late; this is for all the rest.
  how.shutdownDeadline = options.shutdownDeadline + std::chrono::seconds(10);
  return layer::runMain(server, how);
}

}  // namespace profile_server
