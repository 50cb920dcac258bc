// expect: persistance: optional(optional(s)) cannot tell its two kinds of nothing apart
#include <persistance/schema.hpp>

namespace schema = persistance::schema;

const auto twice = schema::optional(schema::optional(schema::boolean()));
