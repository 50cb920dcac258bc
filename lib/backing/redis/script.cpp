#include "backing/redis/script.hpp"

#include <openssl/sha.h>

#include "backing/redis/command_writer.hpp"

namespace persistance::backing::redis {
namespace {

std::string hashOf(std::string_view source) {
  unsigned char digest[SHA_DIGEST_LENGTH];
  SHA1(reinterpret_cast<const unsigned char*>(source.data()), source.size(), digest);
  std::string hash;
  for (const unsigned char byte : digest) {
    hash += "0123456789abcdef"[byte >> 4];
    hash += "0123456789abcdef"[byte & 15];
  }
  return hash;
}

std::string head(std::string_view command, std::string_view script, std::size_t arguments) {
  std::string wire;
  CommandWriter writer(wire);
  writer.begin(4 + arguments);
  writer.add(command);
  writer.add(script);
  writer.add("1");
  return wire;
}

}  // namespace

Script::Script(std::string_view source, std::size_t arguments)
    : byHash_(head("EVALSHA", hashOf(source), arguments)),
      bySource_(head("EVAL", source, arguments)) {}

}  // namespace persistance::backing::redis
