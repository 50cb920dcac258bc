// expect: persistance: an alternative is an object schema, as object<T>(...) gives it
#include <persistance/schema.hpp>

namespace schema = persistance::schema;

const auto choice = schema::variant("kind", schema::alternative("text", schema::string()));
