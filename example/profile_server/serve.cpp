#include "serve.hpp"

#include <asio/signal_set.hpp>

#include <csignal>
#include <iostream>

namespace profile_server {
namespace {

/// What ended the app, in a sentence; empty where it was the signal.
std::string failure(const std::exception_ptr& error, bool signalled) {
  try {
    if (error) std::rethrow_exception(error);
    return "the server ended by itself";
  } catch (const std::system_error& e) {
    if (signalled && e.code() == asio::error::operation_aborted) return {};
    return e.what();
  } catch (const std::exception& e) {
    return e.what();
  }
}

}  // namespace

int serve(const App& app) {
  asio::io_context context(1);
  asio::signal_set signals(context, SIGINT, SIGTERM);
  asio::cancellation_signal stop;
  bool signalled = false;
  int status = 0;

  signals.async_wait([&](const asio::error_code& error, int) {
    if (error) return;
    signalled = true;
    signals.clear();  // the next one ends the process, whatever it is doing
    stop.emit(asio::cancellation_type::terminal);
  });
  auto ended = [&](const std::exception_ptr& error) {
    const std::string sentence = failure(error, signalled);
    if (!sentence.empty()) {
      std::cerr << "profile_server: " << sentence << '\n';
      status = 1;
    }
    context.stop();  // clients that keep an idle connection open are not waited for
  };
  asio::co_spawn(context, layer::launch(app), asio::bind_cancellation_slot(stop.slot(), ended));
  context.run();
  return status;
}

}  // namespace profile_server
