#pragma once
/// @file
/// What this backing needs of Asio beyond what the core's header brings: sockets and TLS. OpenSSL
/// is this library's dependency and not the core's, so these includes cannot stand there.

#include <persistance/asio.hpp>

#include <asio/buffer.hpp>
#include <asio/connect.hpp>
#include <asio/generic/stream_protocol.hpp>
#include <asio/ip/tcp.hpp>
#include <asio/local/stream_protocol.hpp>
#include <asio/read.hpp>
#include <asio/ssl.hpp>
#include <asio/write.hpp>
