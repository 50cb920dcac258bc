#pragma once
/// @file
/// How the server is put together, and run.

#include "backing.hpp"
#include "options.hpp"
#include "server.hpp"

namespace profile_server {

using App = layer::Layer<layer::Requires<>, layer::Provides<Listener>>;

/// The whole server on top of `backing`.
[[nodiscard]] App app(const Options& options, const Backing& backing);

/// Runs it until SIGINT or SIGTERM, then lets it finish what it does.
/// @par Returns  The exit status.
[[nodiscard]] int serve(const App& server, const Options& options);

}  // namespace profile_server
