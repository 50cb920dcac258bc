#include "backing/redis/keys.hpp"

#include <algorithm>

#include "backing/redis/position_text.hpp"
#include "backing/redis/walk.hpp"

namespace persistance::backing::redis {
namespace {

/// One page that is being filled.
class Filling {
 public:
  Filling(const KeyQuery& query, std::size_t countLimit, std::size_t namesSize, KeyPage& page)
      : limit_(query.limit()), countLimit_(countLimit), namesSize_(namesSize), page_(page) {
    if (!query.after()) return;
    if (std::optional<Position> found = readPosition(*query.after())) {
      position_ = std::move(*found);
    } else {
      throw Failure(BackingErrc::protocol, "KeyQuery::after is no KeyPage::next");
    }
  }

  [[nodiscard]] const Position& position() const noexcept { return position_; }

  /// At how many keys the next step looks. As few as there is room for: what a step gives beyond
  /// that was asked for in vain. More where keys of the store are rare among those of the server.
  [[nodiscard]] std::size_t count() const {
    if (single_ || (position_.scan && position_.scan->part)) return 1;
    return std::min(countLimit_, std::max<std::size_t>(room() - room() / 8, 1) << fruitless_);
  }

  /// The last step gave too many, and is made again.
  [[nodiscard]] bool again() const noexcept { return single_; }

  /// Takes what a step gave. True: the page is done.
  [[nodiscard]] bool take(Walk::Step step) {
    dropGiven(step);
    if (step.names.size() > room()) {
      if (!page_.keys.empty()) return true;  // the step is the next page's
      if (!std::exchange(single_, true) && count() > 1) return false;
      give(step);
      return true;
    }
    single_ = false;
    fruitless_ = step.names.empty() ? std::min<std::size_t>(fruitless_ + 1, 10) : 0;
    for (const std::string& name : step.names) add(name);
    position_ = std::move(step.after);
    return !position_.next() || room() <= limit_ / 8;
  }

  /// The page ends here.
  void end() {
    if (position_.next()) page_.next = writePosition(position_);
  }

 private:
  [[nodiscard]] std::size_t room() const noexcept { return limit_ - page_.keys.size(); }
  void add(const std::string& name) { page_.keys.push_back(name.substr(namesSize_)); }

  void dropGiven(Walk::Step& step) const {
    if (!position_.scan || !position_.scan->part) return;
    const Position::Part& part = *position_.scan->part;
    if (step.end != part.end) return;  // the table has changed: these are other keys
    std::erase_if(step.names, [&](const std::string& name) { return name <= part.last; });
  }

  /// The smallest possible step gave too many: the first of them now, the others on later pages.
  void give(Walk::Step& step) {
    std::sort(step.names.begin(), step.names.end());
    position_ = std::move(step.before);
    for (std::size_t i = 0; i < limit_; ++i) add(step.names[i]);
    Position::Part part;
    part.end = step.end;
    part.last = step.names[limit_ - 1];
    position_.scan->part = std::move(part);
  }

  const std::size_t limit_;
  const std::size_t countLimit_;
  const std::size_t namesSize_;
  KeyPage& page_;
  Position position_;
  bool single_ = false;        // the next step is the smallest that there is
  std::size_t fruitless_ = 0;  // steps in a row that gave nothing
};

}  // namespace

asio::awaitable<void> keys(std::shared_ptr<Client> client, std::string names, const KeyQuery& query,
                           KeyPage& page) {
  const RedisOptions& options = client->settings().options;
  Filling filling(query, keysPerStep(options), names.size(), page);
  Walk walk(client, names + query.prefix());
  const auto began = Clock::now();
  const auto deadline = began + options.deadline;
  const auto enough = began + options.deadline / 2;
  try {
    for (bool done = !filling.position().next(); !done;) {
      auto step = co_await walk.step(filling.position(), filling.count(), deadline);
      done = filling.take(std::move(step)) || (!filling.again() && Clock::now() >= enough);
    }
  } catch (const Failure&) {
    if (page.keys.empty()) throw;  // else the next page will say why
  }
  filling.end();
}

}  // namespace persistance::backing::redis
