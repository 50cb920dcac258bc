#pragma once
/// The contract that every backing keeps: one suite, the same for all. A backing's own test hands
/// over a Subject and runs it with
///
///     TEST_CASE("contract") {
///       for (const contract::Check& check : contract::checks()) {
///         SUBCASE(check.name) { check.run(subject()); }
///       }
///     }

#include <chrono>
#include <functional>
#include <string>
#include <vector>

#include <persistance/persistance.hpp>

namespace persistance::test::contract {

using BackingLayer = layer::Layer<layer::Requires<>, layer::Provides<BackingPersistance>>;

/// A backing under test.
struct Subject {
  /// A layer over an empty store.
  std::function<BackingLayer()> fresh;
  /// Lets that much time pass, as the backing's clock sees it.
  std::function<asio::awaitable<void>(std::chrono::milliseconds)> pass;
  /// A tenth of the longest time to live that is tried. A backing on real time chooses a short one.
  std::chrono::milliseconds unit = std::chrono::seconds(1);
  /// How many operations the differential test makes.
  int operations = 4000;
  /// A listing of a store that does not change has each key once.
  bool listsOnce = true;
  /// setMany is all or nothing.
  bool atomic = true;
};

struct Check {
  const char* name;
  void (*run)(const Subject&);
};

/// Each of them on a fresh backing.
const std::vector<Check>& checks();

}  // namespace persistance::test::contract
