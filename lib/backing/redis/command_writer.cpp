#include "backing/redis/command_writer.hpp"

namespace persistance::backing::redis {

// Not redisFormatCommandArgv: it prints each length with sprintf into a buffer of its own, which
// costs more than all the rest of a small get. The bytes are the same; the test compares them.
void CommandWriter::header(char mark, std::size_t number) {
  char text[24];
  char* end = text + sizeof(text);
  *--end = '\n';
  *--end = '\r';
  char* begin = end;
  do {
    *--begin = static_cast<char>('0' + number % 10);
    number /= 10;
  } while (number != 0);
  *--begin = mark;
  out_.append(begin, text + sizeof(text));
}

void CommandWriter::begin(std::size_t arguments) { header('*', arguments); }

void CommandWriter::add(std::string_view argument) { add(argument, {}); }

void CommandWriter::add(std::string_view head, std::string_view tail) {
  header('$', head.size() + tail.size());
  out_.append(head).append(tail).append("\r\n");
}

}  // namespace persistance::backing::redis
