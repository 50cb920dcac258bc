#include "generate.hpp"

#include <array>

namespace persistance::test {
namespace {

// Any schema as one of JSON trees.
template <class S>
Schema<json> asJson(S schema) {
  using A = typename S::Value;
  return schema::transform<json>(
      std::move(schema), [](const A& value) { return json(value); },
      [](const json& tree) { return tree.get<A>(); });
}

Schema<json> asJson(const schema::OptionalSchema<Schema<json>>& schema) {
  using A = std::optional<json>;
  return schema::transform<json>(
      schema, [](const A& value) { return value ? *value : json(); },
      [](const json& tree) { return tree.is_null() ? A() : A(tree); });
}

template <std::size_t I>
struct Slot {  // a member to point to
  json value;
};
struct Record : Slot<0>, Slot<1>, Slot<2>, Slot<3>, Slot<4> {};

template <std::size_t I>
auto slotField(const std::string& name, const Schema<json>& schema) {
  return schema::field(name, &Slot<I>::value, schema);
}

template <std::size_t... I>
Schema<json> recordOf(const std::vector<std::pair<std::string, Schema<json>>>& fields, bool strict,
                      std::index_sequence<I...>) {
  auto object = schema::object<Record>(slotField<I>(fields[I].first, fields[I].second)...);
  const auto toTree = [](const Record& record) {
    return json::array({static_cast<const Slot<I>&>(record).value...});
  };
  return schema::transform<json>(strict ? object.strict() : object, toTree,
                                 [](const json&) { return Record(); });
}

Schema<json> recordOf(const std::vector<std::pair<std::string, Schema<json>>>& fields,
                      bool strict) {
  switch (fields.size()) {
    case 1: return recordOf(fields, strict, std::make_index_sequence<1>());
    case 2: return recordOf(fields, strict, std::make_index_sequence<2>());
    case 3: return recordOf(fields, strict, std::make_index_sequence<3>());
    case 4: return recordOf(fields, strict, std::make_index_sequence<4>());
    default: return recordOf(fields, strict, std::make_index_sequence<5>());
  }
}

json described(const char* kind) {
  json tree = json::object();
  tree["kind"] = kind;
  return tree;
}

}  // namespace

std::string Generator::word() {
  static const std::vector<std::string> words{"a",   "b",  "name", "x/y",    "~",
                                              "zip", "äö", "tags", "street", "long name"};
  return words[below(words.size())];
}

Generated Generator::leaf() {
  switch (below(3)) {
    case 0: return {asJson(schema::string()), described("string")};
    case 1: return {asJson(schema::number()), described("number")};
    default: return {asJson(schema::boolean()), described("boolean")};
  }
}

Generated Generator::limited() {
  json tree;
  switch (below(4)) {
    case 0: {
      tree = described("integer");
      const int low = static_cast<int>(below(10));
      return {asJson(schema::integer<int>().between(low, low + 5)), tree};
    }
    case 1:
      tree = described("string");
      return {asJson(schema::string().minLength(1 + below(2)).maxLength(3 + below(3))), tree};
    case 2:
      tree = described("string");
      return {asJson(schema::string().pattern(chance(0.5) ? "^[a-z]+$" : "^.{2}")), tree};
    default: tree = described("number"); return {asJson(schema::number().between(-1, 3)), tree};
  }
}

Generated Generator::literals() {
  json tree = described("literals");
  if (chance(0.5)) {
    tree["values"] = {"a", "b", "zip"};
    return {asJson(schema::literal("a", "b", "zip")), tree};
  }
  tree["values"] = {"a", 1, true};
  return {asJson(schema::literal("a", 1, true)), tree};
}

Generated Generator::object(int depth) {
  json tree = described("struct");
  tree["fields"] = json::array();
  tree["strict"] = vocabulary_ == Vocabulary::jsonSchema && chance(0.3);
  std::vector<std::pair<std::string, Schema<json>>> fields;
  const std::size_t count = 1 + below(5);
  for (std::size_t i = 0; i < count; ++i) {
    const std::string name = word() + std::to_string(i);
    Generated inner = schema(depth - 1);
    json field = json::object();
    field["name"] = name;
    field["schema"] = inner.description;
    field["optional"] = inner.description["kind"] == "nullable" || chance(0.3);
    const bool wrap = field["optional"] == true && inner.description["kind"] != "nullable";
    fields.emplace_back(name, wrap ? asJson(schema::optional(inner.schema)) : inner.schema);
    tree["fields"].push_back(std::move(field));
  }
  return {recordOf(fields, tree["strict"] == true), tree};
}

Generated Generator::tuple(int depth) {
  Generated first = schema(depth - 1);
  Generated second = schema(depth - 1);
  json tree = described("tuple");
  tree["items"] = json::array({first.description, second.description});
  return {asJson(schema::pair(first.schema, second.schema)), tree};
}

Generated Generator::schema(int depth) {
  const bool wide = vocabulary_ == Vocabulary::jsonSchema;
  if (depth == 0) return wide && chance(0.5) ? limited() : leaf();
  switch (below(wide ? 8 : 6)) {
    case 0: return leaf();
    case 1: return literals();
    case 2:
    case 3: return object(depth);
    case 4: {
      Generated item = schema(depth - 1);
      json tree = described("array");
      tree["item"] = item.description;
      auto array = schema::array(item.schema);
      if (wide && chance(0.5)) array = array.minItems(1).maxItems(2);
      return {asJson(array), tree};
    }
    case 5: {
      Generated inner = schema(depth - 1);
      if (inner.description["kind"] == "nullable") return inner;
      json tree = described("nullable");
      tree["schema"] = inner.description;
      return {asJson(schema::optional(inner.schema)), tree};
    }
    case 6: {
      Generated inner = schema(depth - 1);
      json tree = described("map");
      tree["item"] = inner.description;
      return {asJson(schema::map(inner.schema)), tree};
    }
    default: return tuple(depth);
  }
}

json Generator::anything(int depth) {
  switch (below(depth == 0 ? 6 : 8)) {
    case 0: return nullptr;
    case 1: return chance(0.5);
    case 2: return static_cast<int>(below(12)) - 2;
    case 3: return 0.5 + static_cast<double>(below(5));
    case 4: return word();
    case 5: return "";
    case 6: return json::array({anything(depth - 1)});
    default: {
      json tree = json::object();
      tree[word()] = anything(depth - 1);
      return tree;
    }
  }
}

json Generator::value(const json& description, double wrong) {
  return chance(wrong) ? anything() : fitting(description, wrong);
}

json Generator::fittingObject(const json& description, double wrong) {
  json tree = json::object();
  for (const json& field : description["fields"]) {
    if (chance(field["optional"] == true ? 0.4 : wrong)) continue;
    tree[field["name"].get<std::string>()] =
        field["optional"] == true && chance(0.2) ? json() : value(field["schema"], wrong);
  }
  if (chance(0.2)) tree["unknown"] = anything();
  return tree;
}

json Generator::fitting(const json& description, double wrong) {
  const std::string kind = description["kind"];
  if (kind == "string") return word();
  if (kind == "number") return chance(0.5) ? json(1.5) : json(below(4));
  if (kind == "integer") return below(16);
  if (kind == "boolean") return chance(0.5);
  if (kind == "literals") return description["values"][below(3)];
  if (kind == "nullable") return chance(0.3) ? json() : value(description["schema"], wrong);
  if (kind == "struct") return fittingObject(description, wrong);
  if (kind == "tuple")
    return json::array(
        {value(description["items"][0], wrong), value(description["items"][1], wrong)});
  const std::size_t count = below(4);
  json tree = kind == "map" ? json::object() : json::array();
  for (std::size_t i = 0; i < count; ++i) {
    if (kind == "map")
      tree[word()] = value(description["item"], wrong);
    else
      tree.push_back(value(description["item"], wrong));
  }
  return tree;
}

}  // namespace persistance::test
