#pragma once
/// @file
/// How the server is put together.

#include "options.hpp"
#include "server.hpp"

namespace profile_server {

using Backing = layer::Layer<layer::Requires<>, layer::Provides<persistance::BackingPersistance>>;
using App = layer::Layer<layer::Requires<>, layer::Provides<Listener>>;

/// The backing that `--backing` names.
/// @par Errors  WrongOptions.
[[nodiscard]] Backing chooseBacking(const std::string& name);

/// The whole server on top of `backing`.
[[nodiscard]] App app(const Options& options, const Backing& backing);

}  // namespace profile_server
