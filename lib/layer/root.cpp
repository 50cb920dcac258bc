#include "root.hpp"

#include <utility>

#include "entry.hpp"

namespace persistance::layer::detail {

Root::Root(const asio::any_io_executor& executor, Ref ref, TablePtr table)
    : Asker(std::make_shared<Engine>(executor)),
      answer1(std::make_shared<async::Event>(executor)),
      answer2(std::make_shared<async::Event>(executor)),
      wanted_(std::move(ref), Services()),
      table_(std::move(table)) {}

void Root::start() {
  engine_->dispatch([self = self()] { self->ask(); });
}

void Root::cancel() {
  engine_->dispatch([self = self()] {
    self->cancelled_ = true;
    if (const EntryPtr waited = self->waited_.lock()) withdraw(waited, *self, 0);
  });
}

void Root::ask() {
  std::vector<JobPtr> started;
  waited_ = request(self(), 0, wanted_, table_, started);
  engine_->push(std::move(started));
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
