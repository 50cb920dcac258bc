// Asio and OpenSSL, parsed once.
#include "backing/redis/net.hpp"
