#pragma once
/// @file
/// The one that asks for a layer on behalf of a coroutine.

#include <async/event.hpp>
#include <memory>

#include "memo.hpp"

namespace persistance::layer::detail {

class Root final : public Asker {
 public:
  Root(const asio::any_io_executor& executor, Ref ref, MemoPtr memo);

  // From the coroutine:
  void start();
  void cancel();
  /// Set when the answer is there; two, for a wait that is cancelled and then goes on.
  const std::shared_ptr<async::Event> answer1;
  const std::shared_ptr<async::Event> answer2;
  Answer answer;

  // On the worker:
  void step() override {}
  void answered(std::size_t slot, Answer given) override;

 private:
  [[nodiscard]] std::shared_ptr<Root> self() {
    return std::static_pointer_cast<Root>(shared_from_this());
  }
  void ask();

  const Wanted wanted_;
  const MemoPtr memo_;
  std::weak_ptr<Instance> waited_;
  bool cancelled_ = false;
};

}  // namespace persistance::layer::detail
