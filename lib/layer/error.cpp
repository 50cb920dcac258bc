#include <persistance/layer/error.hpp>

#include <utility>

namespace persistance::layer {
namespace {

std::string textOf(const std::exception_ptr& error) {
  try {
    std::rethrow_exception(error);
  } catch (const std::exception& e) {
    return e.what();
  } catch (...) {
    return "an exception that is no std::exception";
  }
}

std::string describe(const std::exception_ptr& cause,
                     const std::vector<std::exception_ptr>& errors) {
  std::string text = "a finalizer failed: ";
  if (errors.size() > 1) text = std::to_string(errors.size()) + " finalizers failed: ";
  for (std::size_t i = 0; i < errors.size(); ++i) text += (i == 0 ? "" : "; ") + textOf(errors[i]);
  if (cause) text += " (after: " + textOf(cause) + ")";
  return text;
}

}  // namespace

CloseError::CloseError(std::exception_ptr cause, std::vector<std::exception_ptr> errors)
    : std::runtime_error(describe(cause, errors)),
      cause_(std::move(cause)),
      errors_(std::move(errors)) {}

void detail::throwAll(const std::exception_ptr& cause, std::vector<std::exception_ptr> errors) {
  if (!errors.empty()) throw CloseError(cause, std::move(errors));
  if (cause) std::rethrow_exception(cause);
}

}  // namespace persistance::layer
