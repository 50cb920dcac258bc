// expect: persistance: the first function of transform<B>() has to make a B of the stored value
#include <string>

#include <persistance/schema.hpp>

namespace schema = persistance::schema;

struct Id {
  std::string text;
};

const auto id = schema::transform<Id>(
    schema::string(), [](const std::string& text) { return text.size(); },
    [](const Id& from) { return from.text; });
