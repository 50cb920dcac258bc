#pragma once
/// Runs the benchmarks and prints, first, each one's ratio to its floor in the same run; then all
/// figures.
///
/// A benchmark `get/persistance` is paired with `get/floor` (or with whatever else starts with
/// `get/`). The repetitions of all of them are interleaved, so a change of the machine's speed
/// meets both sides; the medians are compared.

#include <string>
#include <vector>

namespace persistance::bench {

/// At most so many times the floor; 0: no target.
struct Target {
  std::string name;  ///< "get"
  double ratio;      ///< median of `name/persistance` over median of `name/floor`
};

/// main() of a benchmark program. Exit code 0 also where a target is missed: these machines are
/// noisy, and the table says it.
int runWithRatios(int argc, char** argv, const std::vector<Target>& targets);

}  // namespace persistance::bench
