#include "backing/redis/command_writer.hpp"

#include <algorithm>

namespace persistance::backing::redis {
namespace {

/// "$42\r\n", without an allocation. Not redisFormatCommandArgv: it prints each length with sprintf
/// into a buffer of its own, which costs more than all the rest of a small get. The bytes are the
/// same; the test compares them.
class Header {
 public:
  Header(char mark, std::size_t number) {
    *--begin_ = '\n';
    *--begin_ = '\r';
    for (; number >= 10; number /= 10) *--begin_ = static_cast<char>('0' + number % 10);
    *--begin_ = static_cast<char>('0' + number);
    *--begin_ = mark;
  }

  [[nodiscard]] std::string_view text() const noexcept {
    return {begin_, static_cast<std::size_t>(text_ + sizeof(text_) - begin_)};
  }

 private:
  char text_[24];
  char* begin_ = text_ + sizeof(text_);
};

}  // namespace

void CommandWriter::header(char mark, std::size_t number) {
  out_.append(Header(mark, number).text());
}

void CommandWriter::begin(std::size_t arguments) { header('*', arguments); }

void CommandWriter::add(std::string_view argument) { add(argument, {}); }

void CommandWriter::add(std::string_view head, std::string_view tail) {
  header('$', head.size() + tail.size());
  out_.append(head).append(tail).append("\r\n");
}

std::string oneArgument(std::string_view start, std::string_view head, std::string_view tail) {
  const Header header('$', head.size() + tail.size());
  std::string wire(start.size() + header.text().size() + head.size() + tail.size() + 2, '\0');
  char* at = wire.data();
  for (const std::string_view part : {start, header.text(), head, tail, std::string_view("\r\n")}) {
    at = std::copy(part.begin(), part.end(), at);
  }
  return wire;
}

}  // namespace persistance::backing::redis
