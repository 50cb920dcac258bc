// What every program here begins with, parsed once.
#include <nlohmann/json.hpp>
#include <persistance/persistance.hpp>

#include "field/program.hpp"
