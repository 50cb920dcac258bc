#include <persistance/detail/operations.hpp>

namespace persistance::detail {

asio::awaitable<void> nothing() { co_return; }

asio::awaitable<void> failed(std::exception_ptr error) {
  std::rethrow_exception(std::move(error));
  co_return;
}

}  // namespace persistance::detail
