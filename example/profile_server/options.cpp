#include "options.hpp"

#include <getopt.h>

#include <charconv>
#include <limits>
#include <string_view>

#include "backing.hpp"

namespace profile_server {
namespace {

/// A whole number from 0 to the largest `Number`.
template <class Number>
Number parse(std::string_view option, std::string_view text) {
  Number number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (text.empty() || error != std::errc() || end != text.data() + text.size() || number < 0) {
    throw WrongOptions(std::string(option) + " takes a number from 0 to " +
                       std::to_string(std::numeric_limits<Number>::max()) + ", not \"" +
                       std::string(text) + "\"");
  }
  return number;
}

}  // namespace

std::string usage() {
  return R"(usage: profile_server [options]

Keeps user profiles and serves them over HTTP.

  --address ADDRESS            where to listen (127.0.0.1)
  --port PORT                  0 takes a free one (8080)
  --backing BACKING            where the profiles are kept (memory): )" +
         std::string(backingNames) + R"(
  --shutdown-deadline SECONDS  how long running requests may take after SIGINT or SIGTERM (10)
  --graph                      print how the server is put together, as Mermaid, and end
  --timeline                   tell on stderr how long each layer took to start
  --help                       print this, and end
)";
}

Options parseOptions(int argc, char** argv) {
  enum {
    address = 256,
    port,
    backing,
    deadline,
    graph,
    timeline,
    help
  };  // no characters: there are no short options
  static constexpr option known[] = {{"address", required_argument, nullptr, address},
                                     {"port", required_argument, nullptr, port},
                                     {"backing", required_argument, nullptr, backing},
                                     {"shutdown-deadline", required_argument, nullptr, deadline},
                                     {"graph", no_argument, nullptr, graph},
                                     {"timeline", no_argument, nullptr, timeline},
                                     {"help", no_argument, nullptr, help},
                                     {nullptr, 0, nullptr, 0}};
  Options options;
  opterr = 0;  // the sentences are ours
  optind = 1;
  for (int found = 0; (found = getopt_long(argc, argv, ":", known, nullptr)) != -1;) {
    switch (found) {
      case address: options.address = optarg; break;
      case port: options.port = parse<std::uint16_t>("--port", optarg); break;
      case backing: options.backing = optarg; break;
      case deadline:
        options.shutdownDeadline =
            std::chrono::seconds(parse<std::int16_t>("--shutdown-deadline", optarg));
        break;
      case graph: options.graph = true; break;
      case timeline: options.timeline = true; break;
      case help: options.help = true; break;
      case ':': throw WrongOptions(std::string(argv[optind - 1]) + " takes a value");
      default: {
        const bool isShort = optopt != 0 && optopt < address;
        throw WrongOptions("there is no option " +
                           (isShort ? std::string{'-', static_cast<char>(optopt)}
                                    : std::string(argv[optind - 1])));
      }
    }
  }
  if (optind < argc)
    throw WrongOptions("there is nothing to do with \"" + std::string(argv[optind]) + "\"");
  return options;
}

}  // namespace profile_server
