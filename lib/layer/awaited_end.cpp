#include <persistance/layer/awaited_end.hpp>

namespace persistance::layer {
namespace {

using Thread = asio::detail::awaitable_thread<asio::any_io_executor>;

// What waits. The operation is a chain of coroutines of its own, without a cancellation.
class Waiting {
 public:
  Waiting(Thread* thread, std::exception_ptr& error)
      : thread_(std::move(*thread)), error_(&error) {}

  asio::any_io_executor executor() const { return thread_.get_executor(); }

  void operator()(std::exception_ptr error) {
    *error_ = std::move(error);
    thread_.launch();  // goes on with it
  }

 private:
  Thread thread_;
  std::exception_ptr* error_;  // in the frame of who waits
};

}  // namespace

Thread* AwaitedEnd::operator()(asio::detail::awaitable_frame_base<asio::any_io_executor>* frame) {
  Thread* const thread = frame->detach_thread();
  if (awaiting_) *awaiting_ = thread->entry_point();
  Waiting waiting(thread, error_);
  const asio::any_io_executor executor = waiting.executor();
  asio::co_spawn(executor, asio::awaitable<void>(std::move(*this)), std::move(waiting));
  return nullptr;
}

}  // namespace persistance::layer
