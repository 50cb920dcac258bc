#pragma once
/// @file
/// From arguments to bytes.

#include <string>
#include <string_view>

namespace persistance::backing::redis {

/// Appends commands in RESP: an array of bulks, each with its length in front, so no argument can
/// be taken for another command whatever it holds.
class CommandWriter {
 public:
  explicit CommandWriter(std::string& out) : out_(out) {}

  template <class... Arguments>
  void command(const Arguments&... arguments) {
    const std::string_view all[] = {std::string_view(arguments)...};
    std::size_t size = 16;
    for (const std::string_view argument : all) size += argument.size() + 16;
    if (out_.empty()) out_.reserve(size);
    begin(sizeof...(arguments));
    for (const std::string_view argument : all) add(argument);
  }

  /// A command whose number of arguments is known only at run time: begin, then add each.
  void begin(std::size_t arguments);
  void add(std::string_view argument);
  /// One argument in two parts, without joining them first.
  void add(std::string_view head, std::string_view tail);

 private:
  void header(char mark, std::size_t number);
  std::string& out_;
};

/// A command of one argument, which is in two parts, for what is asked for often: `start` is all that
/// stands before the argument, in RESP already.
[[nodiscard]] std::string oneArgument(std::string_view start, std::string_view head,
                                      std::string_view tail);

}  // namespace persistance::backing::redis
