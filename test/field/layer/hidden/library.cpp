// Compiled with hidden symbols, as libraries are that say what they promise.
#include "service.hpp"

namespace layer = persistance::layer;

layer::Layer<layer::Requires<Config>, layer::Provides<Db>> databaseLayer() {
  return layer::sync([](Config& config) { return Db{config.value}; });
}
