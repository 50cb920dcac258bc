// The first server of a newcomer: twelve services in a flat list, run as a program until SIGTERM.
#include "layer/server_parts.hpp"

#include <csignal>

#include "layers.hpp"

namespace parts = persistance::test::parts;

int main() {
  for (const std::size_t threads : {std::size_t{1}, std::size_t{4}}) {
    EventLog log;
    const auto app = layer::tap(parts::serverOfTwelve(log),
                                [](parts::HttpServer&) { ::kill(::getpid(), SIGTERM); });
    layer::MainOptions options("first_server");
    options.threads = threads;
    field::expect(layer::runMain(app, options) == 0, "a signal ends it well");
    const std::string text = log.text();
    field::expect(text.starts_with("db connected") && text.ends_with("server closed db closed"),
                  "everything is released, in reverse: " + text);
  }
  return field::result();
}
