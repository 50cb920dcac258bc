#pragma once
/// @file
/// A service that a shared library makes and a program uses.

#include <persistance/layer.hpp>

struct Config {
  int value = 7;
};
struct Db {
  int value;
};

[[gnu::visibility("default")]] persistance::layer::Layer<persistance::layer::Requires<Config>,
                                                         persistance::layer::Provides<Db>>
databaseLayer();
