#include <persistance/detail/operations.hpp>

#include <persistance/detail/guard.hpp>

namespace persistance::detail {

asio::awaitable<void> nothing() { co_return; }

asio::awaitable<void> failed(std::exception_ptr error) {
  std::rethrow_exception(std::move(error));
  co_return;
}

asio::awaitable<void> failedAs(const char* method) {
  try {
    rethrowAs(method);
  } catch (...) {
    return failed(std::current_exception());
  }
}

asio::awaitable<bool> notStored() { co_return false; }

asio::awaitable<bool> notStored(std::exception_ptr error) {
  std::rethrow_exception(std::move(error));
  co_return false;
}

}  // namespace persistance::detail
