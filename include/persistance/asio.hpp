#pragma once
/// @file
/// The one place that names Asio. Everything else includes this header and writes `asio::` inside
/// `namespace persistance`, so another flavour of Asio is a build option and not a rewrite.

#if defined(__clang__) && (!defined(ASIO_HAS_CO_AWAIT) || !defined(ASIO_HAS_STD_COROUTINE))
#error \
    "persistance: clang needs -DASIO_HAS_CO_AWAIT -DASIO_HAS_STD_COROUTINE for every file of the \
program, or Asio hides its coroutines; `pkg-config --cflags persistance` gives both"
#endif

// Asio 1.22 takes another allocator where no header of the standard library came before it, and the files
// of a program would not agree on it.
#include <cstddef>

#include <asio/any_io_executor.hpp>
#include <asio/associated_executor.hpp>
#include <asio/async_result.hpp>
#include <asio/awaitable.hpp>
#include <asio/bind_cancellation_slot.hpp>
#include <asio/bind_executor.hpp>
#include <asio/cancellation_signal.hpp>
#include <asio/co_spawn.hpp>
#include <asio/detached.hpp>
#include <asio/dispatch.hpp>
#include <asio/error.hpp>
#include <asio/execution_context.hpp>
#include <asio/executor_work_guard.hpp>
#include <asio/io_context.hpp>
#include <asio/post.hpp>
#include <asio/redirect_error.hpp>
#include <asio/steady_timer.hpp>
#include <asio/strand.hpp>
#include <asio/this_coro.hpp>
#include <asio/use_awaitable.hpp>

#if !defined(ASIO_HAS_CO_AWAIT)
#error \
    "persistance: this Asio has no coroutines; compile as C++20 (g++ 12 or later, clang 19 or later)"
#endif

namespace persistance {
namespace asio = ::asio;
}
