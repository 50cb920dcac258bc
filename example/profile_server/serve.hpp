#pragma once
/// @file
/// The life of the process: build, wait for a signal, release.

#include "app.hpp"

namespace profile_server {

/// Runs `app` until SIGINT or SIGTERM, then lets it finish what it does. A second signal ends the
/// process at once.
/// @par Returns  The exit status.
[[nodiscard]] int serve(const App& app);

}  // namespace profile_server
