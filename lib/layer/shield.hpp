#pragma once
/// @file
/// Waiting for what has to be waited for.

#include <async/event.hpp>
#include <memory>

#include <persistance/asio.hpp>

namespace persistance::layer::detail {

/// Waits for the event, whatever cancellation came before or comes meanwhile.
/// @return  Whether one came meanwhile.
[[nodiscard]] asio::awaitable<bool> waitToTheEnd(std::shared_ptr<async::Event> event);

}  // namespace persistance::layer::detail
