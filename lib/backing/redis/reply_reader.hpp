#pragma once
/// @file
/// From bytes to replies: hiredis' reader, behind limits that it does not have itself.

#include <memory>
#include <optional>
#include <span>
#include <stdexcept>

#include "backing/redis/reply.hpp"

struct redisReader;

namespace persistance::backing::redis {

/// The bytes are no RESP2, or more than we take. The connection that they came from is of no use
/// any more.
struct ProtocolError : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// hiredis 0.14.1 limits neither lengths nor lines nor the number of elements, and takes any two
/// bytes for the end of a bulk. All that is checked here, as early as the bytes allow: a length is
/// refused when it is announced, not when it has arrived.
class ReplyReader {
 public:
  struct Limits {
    std::size_t bytes;     ///< Of one reply.
    std::size_t elements;  ///< Of one reply, at all depths.
  };

  explicit ReplyReader(Limits limits);
  ReplyReader(const ReplyReader&) = delete;
  ReplyReader& operator=(const ReplyReader&) = delete;
  ~ReplyReader();

  /// Takes more bytes in. Few at a time (chunkSize) are cheaper: the reader moves what is left.
  void feed(std::span<const char> bytes);

  /// Puts the next whole reply into `reply`, an empty one. False: more bytes are needed, and `reply`
  /// is as it was.
  /// @par Errors  ProtocolError; from then on at each call.
  [[nodiscard]] bool next(Reply& reply);

  static constexpr std::size_t chunkSize = 16384;
  /// The longest line: an error message, a status, a number.
  static constexpr std::size_t maxLine = 65536;

 private:
  friend struct ReplyReaderCallbacks;
  struct Free {
    void operator()(redisReader* reader) const noexcept;
  };

  [[nodiscard]] bool takeBulk(Reply& reply);
  ReplyItem* add(const void* task, ReplyKind kind);
  void checkUnfinished();

  Limits limits_;
  std::unique_ptr<redisReader, Free> reader_;
  Reply reply_;                    // the one that is being put together
  bool between_ = true;            // hiredis has seen nothing of the next reply
  const char* refused_ = nullptr;  // why a callback gave up
};

}  // namespace persistance::backing::redis
