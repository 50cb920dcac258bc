// expect: persistance: literal() needs at least one value
#include <persistance/schema.hpp>

const auto nothing = persistance::schema::literal();
