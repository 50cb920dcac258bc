#pragma once
/// @file
/// The thread that does what no caller should wait for.

#include "backing/memory/table.hpp"

#include <memory>
#include <vector>

namespace persistance::backing::memory {

/// A store that has entries which end.
class Swept {
 public:
  /// Removes what is over; whether there are entries left that will be.
  [[nodiscard]] virtual bool sweepAll() noexcept = 0;

 protected:
  ~Swept() = default;
};

/// Has `store` swept about once a second until sweepAll() says that there is nothing left; then it has
/// to be handed over again. Where there is no thread to be had, nothing happens.
void sweepInTime(std::weak_ptr<Swept> store) noexcept;

/// Destroys tables and their records in the other thread; where there is none to be had, here.
void destroyElsewhere(std::vector<Table> tables) noexcept;

}  // namespace persistance::backing::memory
