#pragma once
/// @file
/// What a program of this folder has beside the library: a deadline, and a way to say what is wrong.

#include <unistd.h>

#include <exception>
#include <iostream>
#include <string>
#include <string_view>

#include "support/run.hpp"

namespace field {

/// Ends the program, as failed, when it has not ended by itself.
inline const unsigned deadline = ::alarm(120);

inline int wrong = 0;

inline void expect(bool right, std::string_view what) {
  if (right) return;
  ++wrong;
  std::cerr << "wrong: " << what << '\n';
}

/// What `f` throws says this; empty where it throws nothing.
template <class F>
std::string thrown(F f) {
  try {
    f();
  } catch (const std::exception& error) {
    return error.what();
  }
  return "";
}

/// What main() returns.
inline int result() { return wrong == 0 ? 0 : 1; }

}  // namespace field
