#pragma once
/// @file
/// How the programs of this folder say what is wrong.

#include <cstdio>
#include <cstdlib>

/// Ends the program, as failed, where `x` does not hold; in whichever thread.
#define CHECK(x)                                          \
  do {                                                    \
    if (!(x)) {                                           \
      std::printf("%s:%d: %s\n", __FILE__, __LINE__, #x); \
      std::exit(1);                                       \
    }                                                     \
  } while (0)
