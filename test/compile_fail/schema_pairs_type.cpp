// expect: persistance: the schemas given to map() are not of the map's key and value types
#include <map>

#include <persistance/schema.hpp>

namespace schema = persistance::schema;

const auto counts = schema::map<std::map<int, int>>(schema::string(), schema::integer<int>());
