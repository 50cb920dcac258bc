#pragma once
/// Reads and writes of many coroutines whose values carry their key: so a reply that was given to
/// the wrong operation shows.

#include <atomic>
#include <map>
#include <string>
#include <vector>

#include "support/run.hpp"
#include "support/store_io.hpp"

namespace persistance::test {

inline asio::awaitable<void> sleepFor(std::chrono::milliseconds time) {
  asio::steady_timer timer(co_await asio::this_coro::executor, time);
  co_await timer.async_wait(asio::use_awaitable);
}

class Workload {
 public:
  Workload(RedisOptions options, std::vector<std::string> keys)
      : options_(std::move(options)), keys_(std::move(keys)), successes_(keys_.size()) {}

  /// Runs for so long; `meanwhile` is called once all coroutines run.
  void run(std::chrono::milliseconds duration, const std::function<void()>& meanwhile) {
    test::run(
        [&]() -> asio::awaitable<void> {
          auto client = co_await backing::redis::Client::open(options_);
          auto store = client->store("load");
          const auto until = Clock::now() + duration;
          const auto executor = co_await asio::this_coro::executor;
          for (std::size_t i = 0; i < keys_.size(); ++i) {
            ++running_;
            asio::co_spawn(executor, play(store, i, until), asio::detached);
          }
          meanwhile();
          while (running_ > 0) co_await sleepFor(std::chrono::milliseconds(10));
          co_await client->close();
        },
        duration + std::chrono::seconds(30));
  }

  std::size_t succeededOn(const std::string& key) const {
    for (std::size_t i = 0; i < keys_.size(); ++i) {
      if (keys_[i] == key) return successes_[i];
    }
    return 0;
  }

  std::string summary() const {
    std::string text =
        "succeeded " + std::to_string(succeeded) + ", failed " + std::to_string(failed) +
        ", wrong " + std::to_string(wrong) + ", acknowledged and lost " + std::to_string(lost) +
        ", late " + std::to_string(late) + ", longest " + std::to_string(longest.count()) + " ms";
    for (const auto& [name, count] : failures_) text += ", " + name + " " + std::to_string(count);
    return text;
  }

  std::size_t succeeded = 0;
  std::size_t failed = 0;
  std::size_t wrong = 0;  ///< A value of another key, or one that was never written.
  std::size_t lost = 0;   ///< Older than what was acknowledged last.
  std::size_t late = 0;   ///< Ended after its deadline.
  std::chrono::milliseconds longest{0};

 private:
  using Clock = std::chrono::steady_clock;

  /// One key's only writer: so what a read may give is known exactly.
  asio::awaitable<void> play(StorePtr store, std::size_t index, Clock::time_point until) {
    const std::string& key = keys_[index];
    const std::string sign = key + "=";
    long long acknowledged = -1;
    for (long long number = 0; Clock::now() < until; ++number) {
      const auto began = Clock::now();
      bool done = false;
      try {
        if (number % 3 == 0) {
          co_await set(store, key, sign + std::to_string(number));
          acknowledged = number;
        } else {
          auto found = co_await get(store, key);
          check(found, sign, number, acknowledged);
        }
        done = true;
      } catch (const backing::Failure& failure) {
        ++failures_[failure.code().message()];
      }
      const auto took = std::chrono::duration_cast<std::chrono::milliseconds>(Clock::now() - began);
      longest = std::max(longest, took);
      if (took > options_.deadline + std::chrono::milliseconds(50)) ++late;
      if (done) {
        ++succeeded;
        ++successes_[index];
      } else {
        ++failed;
      }
      co_await sleepFor(std::chrono::milliseconds(2));
    }
    --running_;
  }

  void check(const std::optional<std::string>& found, const std::string& sign, long long number,
             long long acknowledged) {
    if (!found) {
      if (acknowledged >= 0) ++lost;
      return;
    }
    if (!found->starts_with(sign)) {
      ++wrong;
      return;
    }
    const long long value = std::stoll(found->substr(sign.size()));
    if (value > number) ++wrong;
    if (value < acknowledged) ++lost;
  }

  RedisOptions options_;
  std::vector<std::string> keys_;
  std::vector<std::atomic<std::size_t>> successes_;
  std::map<std::string, std::size_t> failures_;
  std::size_t running_ = 0;
};

}  // namespace persistance::test
