#pragma once
/// @file
/// The command line.

#include <chrono>
#include <cstdint>
#include <stdexcept>
#include <string>

namespace profile_server {

/// What the command line asks for.
struct Options {
  std::string address = "127.0.0.1";
  std::uint16_t port = 8080;
  std::string backing = "memory";
  std::chrono::seconds shutdownDeadline{10};
  bool graph = false;
  bool timeline = false;
  bool help = false;
};

/// A command line that says something else, in one sentence.
struct WrongOptions : std::invalid_argument {
  using std::invalid_argument::invalid_argument;
};

/// @par Errors  WrongOptions.
[[nodiscard]] Options parseOptions(int argc, char** argv);

/// What `--help` prints.
[[nodiscard]] std::string usage();

}  // namespace profile_server
