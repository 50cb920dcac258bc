#include <persistance/schema/shape.hpp>

#include <map>
#include <optional>
#include <utility>
#include <vector>

#include <nlohmann/json.hpp>

#include <persistance/schema/detail/envelope.hpp>
#include <persistance/schema/json.hpp>

namespace persistance::schema {
namespace {

using Tree = nlohmann::json;

Tree typed(const char* type) {
  Tree tree = Tree::object();
  tree["type"] = type;
  return tree;
}

Tree number(detail::Wide value) {
  return value < 0 ? Tree(static_cast<std::int64_t>(value))
                   : Tree(static_cast<std::uint64_t>(value));
}

void bound(Tree& tree, const char* minName, std::size_t min, const char* maxName, std::size_t max) {
  if (min > 0) tree[minName] = min;
  if (max != Shapes::unbounded) tree[maxName] = max;
}

Tree trees(const std::vector<Shape>& shapes) {
  Tree list = Tree::array();
  for (const Shape& shape : shapes) list.push_back(shape.tree());
  return list;
}

Tree present(const std::string& name) {
  Tree tree = Tree::object();
  tree["required"] = Tree::array({name});
  return tree;
}

// A field that has old names is there under exactly one of them; under none where it need not be.
Tree exactlyOne(const FieldShape& field) {
  Tree choices = Tree::array({present(field.name)});
  for (const std::string& name : field.oldNames) choices.push_back(present(name));
  Tree tree = Tree::object();
  if (!field.required) {
    Tree none = Tree::object();
    none["not"]["anyOf"] = choices;
    choices.push_back(std::move(none));
  }
  tree["oneOf"] = std::move(choices);
  return tree;
}

// The value in JSON, without the version that JSON does not have; bytes have no form in it.
std::optional<Tree> plain(const Unknown& value) {
  std::vector<Issue> issues;
  Tree tree;
  if (!decode(json(), detail::Envelope::contentOf(value.bytes()), tree, issues) || tree.is_binary())
    return std::nullopt;
  return tree;
}

void addField(Tree& object, const FieldShape& field) {
  Tree property = field.shape.tree();
  if (field.secret) property["writeOnly"] = true;
  if (field.fallback != Unknown() && !field.secret)
    if (std::optional<Tree> value = plain(field.fallback)) property["default"] = std::move(*value);
  object["properties"][field.name] = property;
  for (const std::string& name : field.oldNames) object["properties"][name] = property;
  if (!field.oldNames.empty())
    object["allOf"].push_back(exactlyOne(field));
  else if (field.required)
    object["required"].push_back(field.name);
}

}  // namespace

Shape::Shape(Tree tree) : tree_(std::make_shared<const Tree>(std::move(tree))) {}

FieldShape::FieldShape(std::string name_, std::vector<std::string> oldNames_, Shape shape_,
                       bool required_, Unknown fallback_, bool secret_)
    : name(std::move(name_)),
      oldNames(std::move(oldNames_)),
      shape(std::move(shape_)),
      required(required_),
      fallback(std::move(fallback_)),
      secret(secret_) {}

struct Shapes::Definitions {
  std::map<const void*, std::string> names;
  Tree trees = Tree::object();
};

Shapes::Shapes() : definitions_(std::make_unique<Definitions>()) {}
Shapes::~Shapes() = default;

Shape Shapes::any() { return Shape(Tree::object()); }

Shape Shapes::boolean() { return Shape(typed("boolean")); }

Shape Shapes::integer(detail::Wide min, detail::Wide max) {
  Tree tree = typed("integer");
  tree["minimum"] = schema::number(min);
  tree["maximum"] = schema::number(max);
  return Shape(std::move(tree));
}

Shape Shapes::number(double min, double max, double lowest, double highest) {
  Tree tree = typed("number");
  if (min > lowest) tree["minimum"] = min;
  if (max < highest) tree["maximum"] = max;
  return Shape(std::move(tree));
}

Shape Shapes::string(std::size_t min, std::size_t max, const std::vector<std::string>& patterns) {
  Tree tree = typed("string");
  bound(tree, "minLength", min, "maxLength", max);
  if (patterns.size() == 1) tree["pattern"] = patterns.front();
  if (patterns.size() > 1)
    for (const std::string& pattern : patterns) tree["allOf"].push_back({{"pattern", pattern}});
  return Shape(std::move(tree));
}

Shape Shapes::bytes() {
  Tree tree = Tree::object();
  tree["description"] = "bytes, which JSON does not have";
  tree["not"] = Tree::object();
  return Shape(std::move(tree));
}

Shape Shapes::oneOfValues(const std::vector<Unknown>& values) {
  Tree tree = Tree::object();
  tree["enum"] = Tree::array();
  for (const Unknown& value : values) tree["enum"].push_back(value.json());
  return Shape(std::move(tree));
}

Shape Shapes::anyOf(const std::vector<Shape>& alternatives) {
  Tree tree = Tree::object();
  tree["anyOf"] = trees(alternatives);
  return Shape(std::move(tree));
}

Shape Shapes::nullable(const Shape& shape) {
  Tree tree = Tree::object();
  tree["anyOf"] = Tree::array({shape.tree(), typed("null")});
  return Shape(std::move(tree));
}

Shape Shapes::array(const Shape& item, std::size_t min, std::size_t max) {
  Tree tree = typed("array");
  tree["items"] = item.tree();
  bound(tree, "minItems", min, "maxItems", max);
  return Shape(std::move(tree));
}

Shape Shapes::tuple(const std::vector<Shape>& items) {
  Tree tree = typed("array");
  if (!items.empty()) tree["prefixItems"] = trees(items);
  tree["items"] = false;
  tree["minItems"] = items.size();
  return Shape(std::move(tree));
}

Shape Shapes::map(const Shape& value) {
  Tree tree = typed("object");
  tree["additionalProperties"] = value.tree();
  return Shape(std::move(tree));
}

Shape Shapes::object(const std::vector<FieldShape>& fields, bool strict) {
  Tree tree = typed("object");
  tree["properties"] = Tree::object();
  for (const FieldShape& field : fields) addField(tree, field);
  if (strict) tree["additionalProperties"] = false;
  return Shape(std::move(tree));
}

Shape Shapes::tagged(const std::string& tag, const std::vector<std::string>& names,
                     const std::vector<Shape>& alternatives) {
  Tree tree = Tree::object();
  for (std::size_t i = 0; i < names.size(); ++i) {
    Tree alternative = alternatives[i].tree();
    alternative["properties"][tag]["const"] = names[i];
    alternative["required"].push_back(tag);
    tree["oneOf"].push_back(std::move(alternative));
  }
  return Shape(std::move(tree));
}

Shape Shapes::formatted(std::string_view format) {
  Tree tree = typed("string");
  tree["format"] = format;
  return Shape(std::move(tree));
}

Shape Shapes::annotated(const Shape& shape, const Annotations& notes) {
  Tree tree = shape.tree();
  if (!notes.title.empty()) tree["title"] = notes.title;
  if (!notes.description.empty()) tree["description"] = notes.description;
  for (const Unknown& example : notes.examples)
    if (std::optional<Tree> value = plain(example)) tree["examples"].push_back(std::move(*value));
  return Shape(std::move(tree));
}

Shape Shapes::described(const Shape& shape, const std::string& description) {
  Tree tree = shape.tree();
  tree["description"] = description;
  return Shape(std::move(tree));
}

bool Shapes::enter(const void* identity) {
  const std::string name = "type" + std::to_string(definitions_->names.size() + 1);
  return definitions_->names.try_emplace(identity, name).second;
}

void Shapes::define(const void* identity, const Shape& shape) {
  definitions_->trees[definitions_->names.at(identity)] = shape.tree();
}

Shape Shapes::refer(const void* identity) const {
  Tree tree = Tree::object();
  tree["$ref"] = "#/$defs/" + definitions_->names.at(identity);
  return Shape(std::move(tree));
}

Shape Shapes::whole(const Shape& root) const { return Shape(document(root)); }

Tree Shapes::document(const Shape& root) const {
  Tree tree = root.tree();
  tree["$schema"] = "https://json-schema.org/draft/2020-12/schema";
  if (!definitions_->trees.empty()) tree["$defs"] = definitions_->trees;
  return tree;
}

}  // namespace persistance::schema
