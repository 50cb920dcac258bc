#include <persistance/layer/error.hpp>

#include <utility>

#include "failure.hpp"

namespace persistance::layer {
namespace {

using detail::textOf;

std::string describe(const std::exception_ptr& cause,
                     const std::vector<CloseError::Failed>& errors) {
  std::string text = errors.size() == 1 ? "a finalizer failed"
                                        : std::to_string(errors.size()) + " finalizers failed";
  for (std::size_t i = 0; i < errors.size(); ++i) {
    text += i == 0 ? ": " : "; ";
    if (!errors[i].layer.empty()) text += errors[i].layer + ": ";
    text += textOf(errors[i].error);
  }
  if (cause) text += " (after: " + textOf(cause) + ")";
  return text;
}

}  // namespace

CloseError::CloseError(std::exception_ptr cause, std::vector<Failed> errors)
    : std::runtime_error(describe(cause, errors)),
      cause_(std::move(cause)),
      errors_(std::move(errors)) {}

CycleError::CycleError(const std::string& path)
    : std::logic_error("persistance::layer: a layer waits for itself: " + path) {}

ClosedError::ClosedError() : std::logic_error("persistance::layer: the scope is closed") {}

LayerMapFull::LayerMapFull(std::size_t limit)
    : std::runtime_error("persistance::layer: the map has " + std::to_string(limit) +
                         " keys, as many as it may") {}

ShutdownTimeout::ShutdownTimeout()
    : std::runtime_error("persistance::layer: closing took longer than its deadline") {}

BuildTimeout::BuildTimeout(std::string layer, std::chrono::milliseconds duration)
    : std::runtime_error("persistance::layer: " + layer + " was not built after " +
                         std::to_string(duration.count()) + " ms"),
      layer_(std::move(layer)) {}

}  // namespace persistance::layer
