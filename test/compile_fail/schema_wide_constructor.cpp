// expect: persistance: stored numbers are integers of at most 64 bits and doubles
// expect: __int128
#include <persistance/schema.hpp>

namespace schema = persistance::schema;

__extension__ typedef __int128 Wide;

const auto wide = schema::integer<Wide>();
