#include <algorithm>
#include <array>
#include <mutex>
#include <persistance/asio.hpp>
#include <persistance/layer/error.hpp>
#include <string_view>
#include <system_error>
#include <utility>

#include "failure.hpp"

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

// Exceptions keep their identity from throw to catch, and have no place for a note.
class FailureNotes {
 public:
  void add(const std::exception_ptr& error, std::string_view layer) {
    Note forgotten;  // dies outside the lock: it is the user's
    const std::lock_guard lock(mutex_);
    for (const Note& note : notes_) {
      if (note.error == error) return;  // passed on
    }
    Note& place = notes_[next_++ % notes_.size()];
    forgotten = std::exchange(place, Note{error, layer});
  }

  std::string find(const std::exception_ptr& error) {
    const std::lock_guard lock(mutex_);
    for (const Note& note : notes_) {
      if (error && note.error == error) return std::string(note.layer);
    }
    return {};
  }

 private:
  struct Note {
    std::exception_ptr error;
    std::string_view layer;
  };

  std::mutex mutex_;
  std::array<Note, 32> notes_;  // a ring
  std::size_t next_ = 0;
};

FailureNotes& notes() {
  static FailureNotes all;
  return all;
}

}  // namespace

CloseError::CloseError(std::exception_ptr cause, std::vector<Failed> errors)
    : std::runtime_error(describe(cause, errors)),
      cause_(std::move(cause)),
      errors_(std::move(errors)) {}

CycleError::CycleError(const std::string& path)
    : std::logic_error("persistance::layer: a layer waits for itself: " + path) {}

ClosedError::ClosedError() : std::logic_error("persistance::layer: the scope is closed") {}

ShutdownTimeout::ShutdownTimeout()
    : std::runtime_error("persistance::layer: closing took longer than its deadline") {}

std::string failedLayer(const std::exception_ptr& error) { return notes().find(error); }

namespace detail {

std::exception_ptr aborted() {
  return std::make_exception_ptr(std::system_error(asio::error::operation_aborted));
}

void noteFailure(const std::exception_ptr& error, std::string_view layer) {
  notes().add(error, layer);
}

void addFailures(CloseFailures& all, CloseFailures more) {
  for (CloseError::Failed& failure : more) {
    const bool known = std::any_of(all.begin(), all.end(), [&](const CloseError::Failed& other) {
      return other.error == failure.error;
    });
    if (!known) all.push_back(std::move(failure));
  }
}

std::exception_ptr combined(const std::exception_ptr& cause, CloseFailures failures) {
  if (failures.empty()) return cause;
  return std::make_exception_ptr(CloseError(cause, std::move(failures)));
}

}  // namespace detail
}  // namespace persistance::layer
