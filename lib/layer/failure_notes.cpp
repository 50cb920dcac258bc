#include "failure_notes.hpp"

#include <array>
#include <atomic>
#include <cstring>
#include <mutex>
#include <string>
#include <typeinfo>
#include <vector>

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

struct Note {
  Identity error;
  NoteTime time = 0;
  std::string layer;
  std::vector<FinalizerFailure> finalizers;
};

// Exceptions keep their identity from throw to catch, and have no place for a note.
class Notes {
 public:
  [[nodiscard]] NoteTime time() const noexcept { return time_; }

  void addLayer(const std::exception_ptr& error, std::string_view layer, NoteTime since) {
    const Identity identity = identityOf(error);
    const std::lock_guard lock(mutex_);
    Note* note = find(identity);
    if (note != nullptr && note->time <= since) *note = Note();
    if (layer.empty() || (note != nullptr && !note->layer.empty())) return;
    noteOf(identity).layer = layer;
  }

  void addFinalizers(const std::exception_ptr& error, const CloseFailures& failures) {
    const Identity identity = identityOf(error);
    std::vector<FinalizerFailure> texts;
    for (const CloseError::Failed& failure : failures)
      texts.push_back({failure.layer, textOf(failure.error)});
    const std::lock_guard lock(mutex_);
    Note& note = noteOf(identity);
    note.finalizers.insert(note.finalizers.end(), texts.begin(), texts.end());
  }

  [[nodiscard]] Note of(const std::exception_ptr& error) {
    if (!error) return Note();
    const Identity identity = identityOf(error);
    const std::lock_guard lock(mutex_);
    const Note* const note = find(identity);
    return note != nullptr ? *note : Note();
  }

 private:
  Note* find(const Identity& error) {
    for (Note& note : notes_) {
      if (note.error == error) return &note;
    }
    return nullptr;
  }

  Note& noteOf(const Identity& error) {
    Note* note = find(error);
    if (note == nullptr) {
      note = &notes_[next_++ % notes_.size()];
      *note = Note();
      note->error = error;
    }
    note->time = ++time_;
    return *note;
  }

  std::atomic<NoteTime> time_{0};
  std::mutex mutex_;
  // Guarded by `mutex_`.
  std::array<Note, 32> notes_;  // a ring
  std::size_t next_ = 0;
};

Notes& notes() {
  static Notes all;
  return all;
}

}  // namespace

NoteTime noteTime() noexcept { return notes().time(); }

void noteFailure(const std::exception_ptr& error, std::string_view layer, NoteTime since) {
  notes().addLayer(error, layer, since);
}

void noteFinalizers(const std::exception_ptr& error, const CloseFailures& failures) {
  notes().addFinalizers(error, failures);
}

}  // namespace detail

std::string failedLayer(const std::exception_ptr& error) { return detail::notes().of(error).layer; }

std::vector<FinalizerFailure> failedFinalizers(const std::exception_ptr& error) {
  return detail::notes().of(error).finalizers;
}

}  // namespace persistance::layer
