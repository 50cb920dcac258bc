#pragma once
/// Schemas put together at random, and values that fit them more or less.

#include <memory>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include <nlohmann/json.hpp>
#include <persistance/schema.hpp>

namespace persistance::test {

using nlohmann::json;

/// A schema made at run time, out of the library's own constructors: its values are JSON trees, so
/// that any of them can be a part of any other. `description` says how to build the same elsewhere.
struct Generated {
  Generated(Schema<json> schema_, json description_)
      : schema(std::move(schema_)), description(std::move(description_)) {}

  Schema<json> schema;
  json description;
};

/// Which constructors to choose from: those that the original has too, or all that JSON Schema can
/// express.
enum class Vocabulary { original, jsonSchema };

class Generator {
 public:
  Generator(std::uint64_t seed, Vocabulary vocabulary) : random_(seed), vocabulary_(vocabulary) {}

  [[nodiscard]] Generated schema(int depth = 3);

  /// A value for that description; now and then something in it is wrong.
  [[nodiscard]] json value(const json& description, double wrong = 0.06);

 private:
  std::size_t below(std::size_t count) { return random_() % count; }
  bool chance(double probability) {
    return std::uniform_real_distribution<double>(0, 1)(random_) < probability;
  }
  std::string word();
  json anything(int depth = 2);
  json fitting(const json& description, double wrong);
  json fittingObject(const json& description, double wrong);
  Generated leaf();
  Generated limited();
  Generated literals();
  Generated object(int depth);
  Generated tuple(int depth);

  std::mt19937_64 random_;
  Vocabulary vocabulary_;
};

}  // namespace persistance::test
