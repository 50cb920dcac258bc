// expect: persistance: the schema given to field() is not of the member's type
#include <persistance/schema.hpp>

namespace schema = persistance::schema;

struct Point {
  int x = 0;
};

const auto point = schema::object<Point>(schema::field("x", &Point::x, schema::string()));
