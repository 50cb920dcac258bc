#pragma once
/// What the checks of the contract share: a run over a subject's layer, and the expected failures.

#include <doctest/doctest.h>

#include <persistance/persistance.hpp>

#include "contract/suite.hpp"
#include "support/run.hpp"

namespace persistance::test::contract {

/// Builds the subject's layer with layerSchema on top and runs `f` with the services it names.
template <class F>
void within(const Subject& subject, F f, int threads = 1) {
  const auto layer = layer::provideMerge(layerSchema, subject.fresh());
  auto body = [&]() -> asio::awaitable<void> { co_await layer::run(layer, f); };
  run(body, std::chrono::seconds(120), threads);
}

/// Awaits `operation` and gives the code of the PersistanceBackingError that it ends with; none: an
/// empty code.
template <class T>
asio::awaitable<std::error_code> failure(asio::awaitable<T> operation) {
  try {
    co_await std::move(operation);
  } catch (const PersistanceBackingError& error) {
    co_return error.code();
  }
  co_return std::error_code();
}

/// The same for the issues of a PersistanceSchemaError.
template <class T>
asio::awaitable<std::size_t> issues(asio::awaitable<T> operation) {
  try {
    co_await std::move(operation);
  } catch (const PersistanceSchemaError& error) {
    co_return error.errors().size();
  }
  co_return 0;
}

extern const std::vector<Check> valueChecks;         // values.cpp
extern const std::vector<Check> keyChecks;           // keys.cpp
extern const std::vector<Check> timeChecks;          // time_to_live.cpp
extern const std::vector<Check> schemaChecks;        // schema.cpp
extern const std::vector<Check> lifetimeChecks;      // lifetime.cpp
extern const std::vector<Check> concurrencyChecks;   // concurrency.cpp
extern const std::vector<Check> conditionalChecks;   // conditional.cpp
extern const std::vector<Check> listingChecks;       // listing.cpp
extern const std::vector<Check> differentialChecks;  // differential.cpp

}  // namespace persistance::test::contract
