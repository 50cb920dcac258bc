#include "support/ratios.hpp"

#include <benchmark/benchmark.h>

#include <cstdio>
#include <map>

namespace persistance::bench {
namespace {

/// Keeps the medians; prints nothing while the benchmarks run.
class MedianReporter final : public benchmark::BenchmarkReporter {
 public:
  bool ReportContext(const Context&) override { return true; }

  void ReportRuns(const std::vector<Run>& runs) override {
    for (const Run& run : runs)
      if (run.aggregate_name == "median") medians[run.run_name.function_name] = nanoseconds(run);
  }

  std::map<std::string, double> medians;  // CPU time of one item, by benchmark

 private:
  // Of one item where the benchmark counts items (the keys of a getMany), else of one iteration.
  static double nanoseconds(const Run& run) {
    const auto items = run.counters.find("items_per_second");
    if (items != run.counters.end()) return 1e9 / items->second.value;
    return run.GetAdjustedCPUTime();
  }
};

void printRatios(const std::map<std::string, double>& medians, const std::vector<Target>& targets) {
  std::printf("%-36s %12s %12s %8s %8s\n", "ratio to the floor", "ours ns", "floor ns", "ratio",
              "target");
  for (const Target& target : targets) {
    const auto ours = medians.find(target.name + "/persistance");
    const auto floor = medians.find(target.name + "/floor");
    if (ours == medians.end() || floor == medians.end()) continue;
    const double ratio = ours->second / floor->second;
    std::printf("%-36s %12.1f %12.1f %8.2f", target.name.c_str(), ours->second, floor->second,
                ratio);
    if (target.ratio > 0)
      std::printf(" %8.2f%s", target.ratio, ratio <= target.ratio ? "" : "  missed");
    std::printf("\n");
  }
  std::printf("\nall medians, ns of CPU time an item\n");
  for (const auto& [name, time] : medians) std::printf("%-40s %12.1f\n", name.c_str(), time);
}

}  // namespace

int runWithRatios(int argc, char** argv, const std::vector<Target>& targets) {
  std::vector<std::string> own{"--benchmark_repetitions=9",
                               "--benchmark_enable_random_interleaving=true",
                               "--benchmark_report_aggregates_only=true"};
  std::vector<char*> arguments{argv[0]};
  for (std::string& argument : own) arguments.push_back(argument.data());
  arguments.insert(arguments.end(), argv + 1, argv + argc);  // the caller's win
  int count = static_cast<int>(arguments.size());
  benchmark::Initialize(&count, arguments.data());
  if (benchmark::ReportUnrecognizedArguments(count, arguments.data())) return 2;
  MedianReporter reporter;
  benchmark::RunSpecifiedBenchmarks(&reporter);
  printRatios(reporter.medians, targets);
  benchmark::Shutdown();
  return 0;
}

}  // namespace persistance::bench
