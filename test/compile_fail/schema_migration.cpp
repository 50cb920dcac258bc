// expect: persistance: the function given to from() cannot be called with a value of its schema
#include <string>

#include <persistance/schema.hpp>

namespace schema = persistance::schema;

const auto number = schema::versioned(
    schema::string(),
    schema::from(schema::integer<int>(), [](const std::string& old) { return old; }));
