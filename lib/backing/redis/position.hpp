#pragma once
/// @file
/// How far a walk over all keys has come. Decided here, without I/O; the walk performs it.

#include <cstdint>
#include <optional>
#include <string>

#include "backing/redis/node_view.hpp"

namespace persistance::backing::redis {

/// Slots and not nodes are covered: they may move, and nodes come, go and take over.
///
/// SCAN gives every key that its node had from the first step to the last. So a slot is covered by
/// a whole SCAN of a node that owned it all along and kept its keys. Where keys walked to another
/// node meanwhile, each was seen here or is there by now: a whole SCAN of that node, after this
/// one, covers the slot too.
struct Position {
  /// A step gave more keys than were wanted: those up to `last`, in the order of their bytes, were
  /// handed out. The same step gives the same keys as long as it ends at the same place.
  struct Part {
    std::uint64_t end = 0;
    std::string last;
    Part() noexcept {}  // NOLINT: clang cannot default it before Position is whole
  };

  struct Scan {
    std::string process;  ///< That answers; a cursor means nothing to another.
    bool abroad = false;  ///< At the node that slots go to, after a SCAN of the one they come from.
    SlotSet slots;        ///< That it will have covered.
    SlotSet leaving;      ///< Of them: keys walked away meanwhile.
    std::uint64_t cursor = 0;
    std::optional<Part> part;
    Scan() noexcept {}  // NOLINT: as with Part
  };

  SlotSet covered;
  SlotSet leaving;  ///< Scanned where they come from, and not yet where they go.
  std::optional<Scan> scan;

  /// The slot whose owner comes next; nullopt: all are covered.
  [[nodiscard]] std::optional<unsigned> next() const;

  /// Begins to scan the node of `view`. There is no scan afterwards where it can cover nothing.
  void begin(const NodeView& view, bool abroad);

  /// A step was made, and its node looks like `view` now: what has moved is not covered by the scan
  /// any more. False: the step does not count, for another process made it; where that one owns all
  /// that was left, there is no scan afterwards.
  [[nodiscard]] bool narrow(const NodeView& view);

  /// The step ended at `cursor`.
  void advance(const NodeView& view, std::uint64_t cursor);

 private:
  void end(const NodeView& view);
};

}  // namespace persistance::backing::redis
