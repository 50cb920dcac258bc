#pragma once
/// @file
/// How the server is put together.

#include "backing.hpp"
#include "options.hpp"
#include "server.hpp"

namespace profile_server {

using App = layer::Layer<layer::Requires<>, layer::Provides<Listener>>;

/// The whole server on top of `backing`.
[[nodiscard]] App app(const Options& options, const Backing& backing);

}  // namespace profile_server
