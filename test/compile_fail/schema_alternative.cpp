// expect: persistance: a Schema<A> or lazy() hides whether an alternative is an object
#include <persistance/schema.hpp>

namespace schema = persistance::schema;

struct Circle {
  int radius = 0;
};

const persistance::Schema<Circle> circle = schema::object<Circle>();
const auto choice = schema::variant("kind", schema::alternative("circle", circle));
