#include <persistance/detail/operations.hpp>

namespace persistance::detail {

asio::awaitable<void> nothing() { co_return; }

asio::awaitable<void> failed(std::exception_ptr error) {
  std::rethrow_exception(std::move(error));
  co_return;
}

asio::awaitable<bool> notStored() { co_return false; }

asio::awaitable<bool> notStored(std::exception_ptr error) {
  std::rethrow_exception(std::move(error));
  co_return false;
}

}  // namespace persistance::detail
