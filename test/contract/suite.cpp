#include "contract/suite.hpp"

#include "contract/within.hpp"

namespace persistance::test::contract {

const std::vector<Check>& checks() {
  static const std::vector<Check> all = [] {
    std::vector<Check> every;
    for (const auto* part :
         {&valueChecks, &keyChecks, &timeChecks, &schemaChecks, &lifetimeChecks, &concurrencyChecks,
          &conditionalChecks, &listingChecks, &differentialChecks})
      every.insert(every.end(), part->begin(), part->end());
    return every;
  }();
  return all;
}

}  // namespace persistance::test::contract
