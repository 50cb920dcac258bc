#include <iostream>

#include "app.hpp"

int main(int argc, char** argv) {
  using namespace profile_server;
  try {
    const Options options = parseOptions(argc, argv);
    if (options.help) {
      std::cout << usage();
      return 0;
    }
    const App server = app(options, chooseBacking(options.backing));
    if (options.graph) {
      std::cout << layer::graph(server);
      return 0;
    }
    return serve(server, options);
  } catch (const WrongOptions& e) {
    std::cerr << "profile_server: " << e.what() << "; --help shows what there is\n";
    return 2;
  }
}
