#include "failure.hpp"

#include <algorithm>
#include <array>
#include <cstring>
#include <mutex>
#include <persistance/asio.hpp>
#include <system_error>
#include <typeinfo>
#include <utility>

namespace persistance::layer {
namespace detail {
namespace {

// Which exception it is, without keeping it: its place, its class and its text.
struct Identity {
  const void* place = nullptr;
  const std::type_info* type = nullptr;
  std::string text;

  friend bool operator==(const Identity& a, const Identity& b) = default;
};

Identity identityOf(const std::exception_ptr& error) {
  Identity identity;
  static_assert(sizeof(error) == sizeof(identity.place));
  std::memcpy(&identity.place, static_cast<const void*>(&error), sizeof(identity.place));
  try {
    std::rethrow_exception(error);
  } catch (const std::exception& e) {
    identity.type = &typeid(e);
    identity.text = e.what();
  } catch (...) {
    // Its place alone, then.
  }
  return identity;
}

// Exceptions keep their identity from throw to catch, and have no place for a note.
class Notes {
 public:
  void addLayer(const std::exception_ptr& error, std::string_view layer) {
    const Identity identity = identityOf(error);
    const std::lock_guard lock(mutex_);
    // Whatever stands there is of an error that is gone, and whose place this one has taken.
    noteOf(identity) = Note{identity, layer, {}};
  }

  void addFinalizers(const std::exception_ptr& error, const CloseFailures& failures) {
    const Identity identity = identityOf(error);
    std::vector<FinalizerFailure> texts;
    for (const CloseError::Failed& failure : failures)
      texts.push_back({failure.layer, textOf(failure.error)});
    const std::lock_guard lock(mutex_);
    noteOf(identity).finalizers = std::move(texts);
  }

  std::string layer(const std::exception_ptr& error) {
    const std::lock_guard lock(mutex_);
    const Note* note = find(identityOf(error));
    return note != nullptr ? std::string(note->layer) : std::string();
  }

  std::vector<FinalizerFailure> finalizers(const std::exception_ptr& error) {
    const std::lock_guard lock(mutex_);
    const Note* note = find(identityOf(error));
    return note != nullptr ? note->finalizers : std::vector<FinalizerFailure>();
  }

 private:
  struct Note {
    Identity error;
    std::string_view layer;
    std::vector<FinalizerFailure> finalizers;
  };

  Note* find(const Identity& error) {
    for (Note& note : notes_) {
      if (note.error == error) return &note;
    }
    return nullptr;
  }

  Note& noteOf(const Identity& error) {
    if (Note* note = find(error)) return *note;
    Note& place = notes_[next_++ % notes_.size()];
    place = Note{error, {}, {}};
    return place;
  }

  std::mutex mutex_;
  std::array<Note, 32> notes_;  // a ring
  std::size_t next_ = 0;
};

Notes& notes() {
  static Notes all;
  return all;
}

}  // namespace

std::exception_ptr aborted() {
  return std::make_exception_ptr(std::system_error(asio::error::operation_aborted));
}

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

void noteFailure(const std::exception_ptr& error, std::string_view layer) {
  notes().addLayer(error, layer);
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
  if (!first) return std::make_exception_ptr(CloseError(nullptr, std::move(failures)));
  notes().addFinalizers(first, failures);
  return first;
}

}  // namespace detail

std::string failedLayer(const std::exception_ptr& error) {
  return error ? detail::notes().layer(error) : std::string();
}

std::vector<FinalizerFailure> failedFinalizers(const std::exception_ptr& error) {
  return error ? detail::notes().finalizers(error) : std::vector<FinalizerFailure>();
}

}  // namespace persistance::layer
