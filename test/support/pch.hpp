// The heavy headers of every test, parsed once.
#include <doctest/doctest.h>

#include <nlohmann/json.hpp>
#include <persistance/persistance.hpp>
