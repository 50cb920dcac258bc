#pragma once
/// @file
/// Where the profiles are kept.

#include <string>

#include <persistance/persistance.hpp>

namespace profile_server {

using Backing =
    persistance::layer::Layer<persistance::layer::Requires<>,
                              persistance::layer::Provides<persistance::BackingPersistance>>;

/// The backing that `--backing` names.
/// @par Errors  WrongOptions.
[[nodiscard]] Backing chooseBacking(const std::string& name);

/// The names that chooseBacking knows in this build, for people.
extern const char* const backingNames;

}  // namespace profile_server
