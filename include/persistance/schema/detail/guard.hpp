#pragma once
/// @file
/// Calls functions of the user, whose exceptions are issues.

#include <exception>
#include <new>
#include <string>
#include <utility>

#include <persistance/schema/report.hpp>

namespace persistance::schema::detail {

/// Calls `f`. An exception that comes out of it is an issue; only bad_alloc goes on.
/// @return What `f` gave, and false if it threw.
template <class F>
bool guarded(Report& report, const std::string& expected, F&& f) {
  try {
    return std::forward<F>(f)();
  } catch (const std::bad_alloc&) {
    throw;
  } catch (const std::exception& e) {
    return report.add(expected, e.what());
  } catch (...) {
    return report.add(expected, "an exception");
  }
}

}  // namespace persistance::schema::detail
