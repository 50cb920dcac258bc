#include "backing/redis/reply_reader.hpp"

#include <hiredis/read.h>

#include <charconv>
#include <cstring>
#include <new>

namespace persistance::backing::redis {

/// What hiredis calls for each value. A null result makes it stop; `refused_` says why.
struct ReplyReaderCallbacks {
  static ReplyReader& of(const redisReadTask* task) {
    return *static_cast<ReplyReader*>(task->privdata);
  }

  static ReplyKind kindOf(int type) {
    switch (type) {
      case REDIS_REPLY_STATUS: return ReplyKind::status;
      case REDIS_REPLY_ERROR: return ReplyKind::error;
      default: return ReplyKind::bulk;
    }
  }

  static void* string(const redisReadTask* task, char* text, std::size_t length) noexcept {
    ReplyReader& self = of(task);
    // The two bytes behind a bulk are in the buffer already; hiredis does not look at them.
    if (task->type == REDIS_REPLY_STRING && (text[length] != '\r' || text[length + 1] != '\n')) {
      return refuse(self, "a bulk that does not end with CRLF");
    }
    if (length > self.limits_.bytes || self.reply_.bytes.size() > self.limits_.bytes - length) {
      return refuse(self, "a reply over the limit of bytes");
    }
    try {
      ReplyItem* item = self.add(task, kindOf(task->type));
      if (item == nullptr) return nullptr;
      item->offset = self.reply_.bytes.size();
      item->length = length;
      self.reply_.bytes.append(text, length);
      return item;
    } catch (const std::bad_alloc&) {
      return refuse(self, "a reply that memory has no room for");
    }
  }

  static void* array(const redisReadTask* task, int elements) noexcept {
    ReplyReader& self = of(task);
    const auto count = static_cast<std::size_t>(elements);
    if (count > self.limits_.elements - self.reply_.items.size()) {
      return refuse(self, "a reply over the limit of elements");
    }
    return number(task, ReplyKind::array, elements);
  }

  static void* integer(const redisReadTask* task, long long value) noexcept {
    return number(task, ReplyKind::integer, value);
  }

  static void* nil(const redisReadTask* task) noexcept { return number(task, ReplyKind::nil, 0); }

  static void release(void*) noexcept {}

  static void* number(const redisReadTask* task, ReplyKind kind, long long value) noexcept {
    try {
      ReplyItem* item = of(task).add(task, kind);
      if (item != nullptr) item->integer = value;
      return item;
    } catch (const std::bad_alloc&) {
      return refuse(of(task), "a reply that memory has no room for");
    }
  }

  static void* refuse(ReplyReader& self, const char* why) noexcept {
    self.refused_ = why;
    return nullptr;
  }
};

namespace {

redisReplyObjectFunctions callbacks = {ReplyReaderCallbacks::string, ReplyReaderCallbacks::array,
                                       ReplyReaderCallbacks::integer, ReplyReaderCallbacks::nil,
                                       ReplyReaderCallbacks::release};

}  // namespace

void ReplyReader::Free::operator()(redisReader* reader) const noexcept { redisReaderFree(reader); }

ReplyReader::ReplyReader(Limits limits)
    : limits_(limits), reader_(redisReaderCreateWithFunctions(&callbacks)) {
  if (!reader_) throw std::bad_alloc();
  reader_->privdata = this;
}

ReplyReader::~ReplyReader() = default;

ReplyItem* ReplyReader::add(const void* task, ReplyKind kind) {
  ReplyItem* item = &reply_.root;
  if (static_cast<const redisReadTask*>(task)->parent != nullptr) {
    if (reply_.items.size() >= limits_.elements) {
      refused_ = "a reply over the limit of elements";
      return nullptr;
    }
    item = &reply_.items.emplace_back();
  }
  item->kind = kind;
  return item;
}

void ReplyReader::feed(std::span<const char> bytes) {
  if (redisReaderFeed(reader_.get(), bytes.data(), bytes.size()) != REDIS_OK) {
    throw ProtocolError(reader_->errstr);
  }
}

/// What a get brings: one bulk or nil, whole in the buffer, between two replies. All else, and all
/// that is odd about it, is left to hiredis.
bool ReplyReader::takeBulk(Reply& reply) {
  if (!between_ || reader_->err != 0) return false;
  const std::string_view rest(reader_->buf + reader_->pos, reader_->len - reader_->pos);
  if (rest.empty() || rest.front() != '$') return false;
  constexpr std::string_view nil = "$-1\r\n";
  if (rest.starts_with(nil)) {
    reader_->pos += nil.size();
    return true;
  }
  constexpr std::size_t maxDigits = 9;
  std::size_t length = 0;
  std::size_t at = 1;
  for (; at < rest.size() && at <= maxDigits && rest[at] >= '0' && rest[at] <= '9'; ++at) {
    length = 10 * length + static_cast<std::size_t>(rest[at] - '0');
  }
  const std::size_t end = at + 2 + length;
  const bool whole = at > 1 && length <= limits_.bytes && rest.size() >= end + 2 &&
                     rest.substr(at, 2) == "\r\n" && rest.substr(end, 2) == "\r\n";
  if (!whole) return false;
  reply.root.kind = ReplyKind::bulk;
  reply.root.length = length;
  reply.bytes.assign(rest.data() + at + 2, length);
  reader_->pos += end + 2;
  return true;
}

bool ReplyReader::next(Reply& reply) {
  if (!takeBulk(reply)) {
    void* done = nullptr;
    const bool nothingMore = reader_->pos == reader_->len;
    if (redisReaderGetReply(reader_.get(), &done) != REDIS_OK) {
      throw ProtocolError(refused_ != nullptr ? refused_ : reader_->errstr);
    }
    if (done == nullptr) {
      between_ = between_ && nothingMore;
      checkUnfinished();
      return false;
    }
    reply = std::exchange(reply_, Reply());
  }
  between_ = true;
  return true;
}

void ReplyReader::checkUnfinished() {
  if (reader_->ridx < 0) return;
  const redisReadTask& task = reader_->rstack[reader_->ridx];
  const std::string_view rest(reader_->buf + reader_->pos, reader_->len - reader_->pos);
  if (task.type != REDIS_REPLY_STRING) {
    // Numbers and array headers are short; messages have a limit of their own.
    const bool message = task.type == REDIS_REPLY_ERROR || task.type == REDIS_REPLY_STATUS;
    if (rest.size() > (message ? maxLine : 32)) throw ProtocolError("a line without an end");
    return;
  }
  const auto end = rest.substr(0, 32).find("\r\n");
  if (end == std::string_view::npos) {
    if (rest.size() > 32) throw ProtocolError("a bulk length without an end");
    return;
  }
  std::size_t length = 0;
  std::from_chars(rest.data(), rest.data() + end, length);
  if (length > limits_.bytes || reply_.bytes.size() > limits_.bytes - length) {
    throw ProtocolError("a reply over the limit of bytes");
  }
}

}  // namespace persistance::backing::redis
