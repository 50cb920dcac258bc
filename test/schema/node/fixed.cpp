#include "fixed.hpp"

namespace persistance::test {
namespace {

struct Tree {
  int value = 0;
  std::vector<Tree> children;
};
Schema<Tree> treeSchema() {
  using namespace schema;
  return object<Tree>(field("value", &Tree::value),
                      field("children", &Tree::children, array(lazy(treeSchema))));
}

struct Circle {
  double radius = 0;
  static auto schema() {
    return schema::object<Circle>(schema::field("radius", &Circle::radius)).strict();
  }
};
struct Square {
  double side = 0;
  std::optional<std::string> label;
  static auto schema() {
    return schema::object<Square>(schema::field("side", &Square::side),
                                  schema::field("label", &Square::label));
  }
};
auto figures() { return schema::variant<Circle, Square>("kind", "circle", "square"); }

enum class Color { red, green };
struct Settings {
  int port = 0;
  std::string host;
  std::optional<std::string> note;
  std::map<int, bool> flags;
  Color color = Color::red;
};
auto settings() {
  using namespace schema;
  return object<Settings>(
      field("port", &Settings::port, integer<int>().between(1, 65535)).withDefault(80),
      field("host", &Settings::host).from("hostname").from("server"),
      field("note", &Settings::note).from("remark"), field("flags", &Settings::flags),
      field("color", &Settings::color,
            enumeration<Color>({{Color::red, "red"}, {Color::green, "green"}})));
}

struct Times {
  std::chrono::system_clock::time_point at;
  std::chrono::milliseconds length{0};
};
auto times() {
  using namespace schema;
  return object<Times>(field("at", &Times::at),
                       field("length", &Times::length, millisecondsDuration()));
}

auto patterns() {
  return schema::string().pattern("^[a-z]").pattern("\\d$").minLength(2).maxLength(4);
}

template <auto make>
Fixed with(std::vector<std::string> texts) {
  return {schema::jsonSchema(make()), std::move(texts), [](const Unknown& value) {
            const auto schema = make();
            std::vector<schema::Issue> issues;
            typename decltype(schema)::Value out{};
            (void)schema::decode(schema, value.bytes(), out, issues);
            return issues;
          }};
}

}  // namespace

std::vector<Fixed> fixed() {
  return {
      with<treeSchema>({R"({"value":1,"children":[]})",
                        R"({"value":1,"children":[{"value":2,"children":[]}]})",
                        R"({"value":1,"children":[{"value":"x","children":[]}]})",
                        R"({"value":1,"children":[{"value":2}]})", R"({"value":1})", "[]"}),
      with<figures>({R"({"kind":"circle","radius":1})", R"({"kind":"square","side":1})",
                     R"({"kind":"square","side":1,"label":null,"more":1})",
                     R"({"kind":"circle","radius":1,"more":1})", R"({"kind":"circle","side":1})",
                     R"({"kind":"line","side":1})", R"({"radius":1})", "null"}),
      with<settings>({R"({"host":"h","flags":[],"color":"red"})",
                      R"({"hostname":"h","flags":[[1,true]],"color":"green","port":1})",
                      R"({"server":"h","flags":[],"color":"red","remark":"r"})",
                      R"({"server":"h","flags":[],"color":"red","note":null})",
                      R"({"server":"h","flags":[],"color":"red","note":"n","remark":"r"})",
                      R"({"server":"h","host":"h","flags":[],"color":"red"})",
                      R"({"flags":[],"color":"red"})", R"({"host":"h","flags":[],"color":"blue"})",
                      R"({"host":"h","flags":[[1]],"color":"red"})",
                      R"({"host":"h","flags":[[1,true,1]],"color":"red"})",
                      R"({"host":"h","flags":{},"color":"red"})",
                      R"({"host":"h","flags":[],"color":"red","port":0})",
                      R"({"host":"h","flags":[],"color":"red","port":null})"}),
      with<times>({R"({"at":"2024-02-29T12:00:00Z","length":5})",
                   R"({"at":"2024-02-29T12:00:00.25+02:00","length":-5})",
                   R"({"at":"2023-02-29T12:00:00Z","length":5})", R"({"at":"2024","length":5})",
                   R"({"at":1,"length":5})", R"({"at":"2024-02-29T12:00:00Z","length":0.5})"}),
      with<patterns>({R"("a1")", R"("a")", R"("1a")", R"("abcd1")", R"("abc1")", R"("äb1")", "5"}),
  };
}

}  // namespace persistance::test
