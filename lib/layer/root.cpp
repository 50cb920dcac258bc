#include "root.hpp"

#include <utility>

#include "instance.hpp"

namespace persistance::layer::detail {

Root::Root(const asio::any_io_executor& executor, Ref ref, MemoPtr memo, const void* chain_)
    : Asker(std::make_shared<Worker>(executor)),
      chain(chain_),
      wanted_(std::move(ref), Services()),
      memo_(std::move(memo)) {}

Root::~Root() { leaveWithin(); }

void Root::start() {
  worker_->enter([self = self()] {
    self->findWithin();
    self->ask();
  });
}

void Root::cancel() {
  worker_->enter([self = self()] {
    self->cancelled_ = true;
    if (const InstancePtr waited = self->waited_.lock()) withdraw(waited, *self, 0);
  });
}

void Root::leave() {
  worker_->enter([self = self()] {
    self->left_ = true;
    if (self->over->isSet()) self->letGo();
  });
}

// Who awaits a build from within a layer makes that layer wait for what is built.
void Root::findWithin() {
  const std::lock_guard lock(memo_->family->mutex);
  const auto place = memo_->family->running.find(chain);
  if (place == memo_->family->running.end()) return;
  within_ = std::static_pointer_cast<Instance>(place->second->shared_from_this());
  ++memo_->family->dynamic;
}

void Root::leaveWithin() {
  InstancePtr within;  // dies outside the lock
  const std::lock_guard lock(memo_->family->mutex);
  within.swap(within_);
  if (within) --memo_->family->dynamic;
}

const Asker* Root::awaitedBy() const { return within_.get(); }

void Root::ask() {
  std::vector<JobPtr> started;
  waited_ = request(self(), 0, wanted_, memo_, started);
  worker_->push(std::move(started));
}

void Root::answered(std::size_t, Answer given) {
  if (given.kind == Answer::Kind::again) {
    if (!cancelled_) return ask();
    given = Answer::failure(aborted());
  }
  leaveWithin();
  answer = std::move(given);
  over->set();
  if (left_) letGo();
}

void Root::letGo() {
  if (!answer.hold) return;
  closeUnwatched(worker_, std::move(answer.hold), Exit(aborted()));
}

void closeUnwatched(const std::shared_ptr<Worker>& worker, Hold hold, const Exit& exit) {
  const auto scope = std::make_shared<ScopeState>();
  (void)scope->add(std::move(hold));
  worker->push(std::make_shared<Closer>(worker, scope, nullptr, exit, [](CloseFailures) {}));
}

}  // namespace persistance::layer::detail
