// expect: persistance: the predicate given to refine() cannot be called with the value of the schema
#include <string>

#include <persistance/schema.hpp>

namespace schema = persistance::schema;

const auto email =
    schema::refine(schema::string(), [](int number) { return number > 0; }, "an e-mail address");
