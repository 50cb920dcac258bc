#include "app.hpp"

namespace profile_server {

App app(const Options& options, const Backing& backing) {
  const auto config = layer::succeed(
      std::make_shared<ServerConfig>(options.address, options.port, options.shutdownDeadline));
  const auto stores = layer::provide(persistance::layerSchema, backing);
  const auto profiles = layer::provide(profilesLayer, stores);
  return layer::provide(serverLayer, config, profiles);
}

}  // namespace profile_server
