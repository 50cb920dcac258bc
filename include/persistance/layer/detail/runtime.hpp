#pragma once
/// @file
/// A runtime without its types.

#include <chrono>
#include <memory>
#include <optional>
#include <utility>

#include <persistance/layer/awaited_end.hpp>
#include <persistance/layer/detail/build.hpp>
#include <persistance/layer/memo_map.hpp>

namespace persistance::layer::detail {

class Runtime;

[[nodiscard]] std::shared_ptr<Runtime> makeRuntime(Ref ref, MemoMap map);
[[nodiscard]] asio::awaitable<Services> runtimeServices(std::shared_ptr<Runtime> runtime);
/// `body` outlives the awaitable.
[[nodiscard]] asio::awaitable<void> runtimeRun(std::shared_ptr<Runtime> runtime,
                                               const Function& body);
[[nodiscard]] AwaitedEnd runtimeDispose(std::shared_ptr<Runtime> runtime,
                                        std::optional<std::chrono::milliseconds> deadline);

/// A task of its layers has failed, and so does whoever uses it.
[[nodiscard]] bool runtimeFailed(Runtime& runtime);

class RuntimeRunner {
 public:
  explicit RuntimeRunner(std::shared_ptr<Runtime> runtime) : runtime_(std::move(runtime)) {}
  asio::awaitable<void> operator()(const Function& body) const {
    return runtimeRun(runtime_, body);
  }

 private:
  std::shared_ptr<Runtime> runtime_;
};

}  // namespace persistance::layer::detail
