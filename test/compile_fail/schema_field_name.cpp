// expect: persistance: a field's name is at most 255 bytes long
#include <persistance/schema.hpp>

namespace schema = persistance::schema;

struct Point {
  int x = 0;
};

const char name[301] = {};
const auto point = schema::object<Point>(schema::field(name, &Point::x));
