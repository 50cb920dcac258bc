#include "failure.hpp"

#include <algorithm>
#include <persistance/asio.hpp>
#include <system_error>
#include <utility>

#include "failure_notes.hpp"

namespace persistance::layer::detail {

std::exception_ptr aborted() { return newError(std::system_error(asio::error::operation_aborted)); }

bool isAborted(const std::exception_ptr& error) {
  try {
    if (error) std::rethrow_exception(error);
  } catch (const std::system_error& e) {
    return e.code() == asio::error::operation_aborted;
  } catch (...) {
    return false;
  }
  return false;
}

std::string textOf(const std::exception_ptr& error) {
  try {
    std::rethrow_exception(error);
  } catch (const std::exception& e) {
    return e.what();
  } catch (...) {
    return "an exception that is no std::exception";
  }
}

void addFailures(CloseFailures& all, CloseFailures more) {
  for (CloseError::Failed& failure : more) {
    const bool known = std::any_of(all.begin(), all.end(), [&](const CloseError::Failed& other) {
      return other.error == failure.error;
    });
    if (!known) all.push_back(std::move(failure));
  }
}

std::exception_ptr combined(const std::exception_ptr& first, CloseFailures failures) {
  if (failures.empty()) return first;
  if (!first) return newError(CloseError(nullptr, std::move(failures)));
  noteFinalizers(first, failures);
  return first;
}

}  // namespace persistance::layer::detail
