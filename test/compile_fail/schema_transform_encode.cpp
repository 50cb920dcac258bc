// expect: persistance: the second function of transform<B>() has to make the stored value of a B
#include <string>

#include <persistance/schema.hpp>

namespace schema = persistance::schema;

struct Id {
  std::string text;
};

const auto id = schema::transform<Id>(
    schema::string(), [](const std::string& text) { return Id{text}; },
    [](const Id& from) { return &from; });
