// expect: persistance: the schema given to map() is not of the map's mapped type
#include <map>
#include <string>

#include <persistance/schema.hpp>

namespace schema = persistance::schema;

const auto counts = schema::map<std::map<std::string, int>>(schema::string());
