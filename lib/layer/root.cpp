#include "root.hpp"

#include <utility>

#include "instance.hpp"

namespace persistance::layer::detail {

Root::Root(const asio::any_io_executor& executor, Ref ref, MemoPtr memo)
    : Asker(std::make_shared<Worker>(executor)),
      answer1(std::make_shared<async::Event>(executor)),
      answer2(std::make_shared<async::Event>(executor)),
      wanted_(std::move(ref), Services()),
      memo_(std::move(memo)) {}

void Root::start() {
  worker_->dispatch([self = self()] { self->ask(); });
}

void Root::cancel() {
  worker_->dispatch([self = self()] {
    self->cancelled_ = true;
    if (const InstancePtr waited = self->waited_.lock()) withdraw(waited, *self, 0);
  });
}

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
  answer = std::move(given);
  answer1->set();
  answer2->set();
}

}  // namespace persistance::layer::detail
