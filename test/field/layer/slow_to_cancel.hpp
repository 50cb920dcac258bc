#pragma once
/// @file
/// A wait of the user's own, whose cancellation takes a moment.

#include <atomic>
#include <functional>
#include <memory>
#include <utility>

#include "layers.hpp"

/// Where the cancellation is, and what completes the wait.
inline std::atomic<bool> entered{false}, left{false};
inline std::function<void()> complete;

inline asio::awaitable<void> slowToCancel() {
  co_await asio::async_initiate<const asio::use_awaitable_t<>, void()>(
      [](auto handler) {
        auto slot = asio::get_associated_cancellation_slot(handler);
        auto shared = std::make_shared<decltype(handler)>(std::move(handler));
        complete = [shared] {
          auto executor = asio::get_associated_executor(*shared);
          asio::post(executor, std::move(*shared));
        };
        if (slot.is_connected()) {
          slot.assign([](asio::cancellation_type) {
            entered = true;
            std::this_thread::sleep_for(30ms);
            left = true;
          });
        }
      },
      asio::use_awaitable);
}
