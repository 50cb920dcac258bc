// expect: persistance: lazy() takes a function or a lambda without captures
#include <persistance/schema.hpp>

namespace schema = persistance::schema;

auto make(int minimum) {
  return schema::lazy([minimum] { return schema::integer<int>().min(minimum); });
}
