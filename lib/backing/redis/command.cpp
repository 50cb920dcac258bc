#include "backing/redis/command.hpp"

#include <charconv>

namespace persistance::redis {

// Not redisFormatCommandArgv: it prints each length with sprintf into a buffer of its own, which
// costs more than all the rest of a small get. The bytes are the same; the test compares them.
void CommandWriter::header(char mark, std::size_t number) {
  char text[24];
  text[0] = mark;
  char* end = std::to_chars(text + 1, text + sizeof(text) - 2, number).ptr;
  *end++ = '\r';
  *end++ = '\n';
  out_.append(text, end);
}

void CommandWriter::begin(std::size_t arguments) { header('*', arguments); }

void CommandWriter::add(std::string_view argument) { add(argument, {}); }

void CommandWriter::add(std::string_view head, std::string_view tail) {
  header('$', head.size() + tail.size());
  out_.append(head).append(tail).append("\r\n");
}

}  // namespace persistance::redis
