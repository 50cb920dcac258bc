// Writes generated pairs of a schema and a value with our verdict, one JSON object a line, for the
// scripts beside this file to compare with somebody else's verdict.
//
//     schema-oracle original|json-schema seed schemas values
#include <cstdlib>
#include <iostream>
#include <string_view>

#include "../generate.hpp"

using namespace persistance;
using namespace persistance::test;

namespace {

json verdict(const Generated& generated, const json& value) {
  std::vector<schema::Issue> issues;
  json out;
  const bool good = schema::decode(generated.schema, Unknown(value).bytes(), out, issues);
  json line = json::object();
  line["description"] = generated.description;
  line["value"] = value;
  line["accepted"] = good;
  line["issues"] = issues;
  return line;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 5) return 2;
  const bool original = std::string_view(argv[1]) == "original";
  Generator generator(std::strtoull(argv[2], nullptr, 10),
                      original ? Vocabulary::original : Vocabulary::jsonSchema);
  const int schemas = std::atoi(argv[3]);
  const int values = std::atoi(argv[4]);
  for (int i = 0; i < schemas; ++i) {
    const Generated generated = generator.schema();
    const json jsonSchema = original ? json() : schema::jsonSchema(generated.schema);
    for (int j = 0; j < values; ++j) {
      json line = verdict(generated, generator.value(generated.description));
      if (!original) line["jsonSchema"] = jsonSchema;
      std::cout << line.dump() << '\n';
    }
  }
}
