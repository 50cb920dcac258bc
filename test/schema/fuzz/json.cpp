#include "target.hpp"

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  persistance::test::tryJson(std::as_bytes(std::span(data, size)));
  return 0;
}
