// The heavy headers of the Redis tests, parsed once.
#include <doctest/doctest.h>

#include "backing/redis/net.hpp"
