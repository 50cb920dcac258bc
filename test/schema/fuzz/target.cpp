#include "target.hpp"

#include <stdexcept>
#include <variant>

namespace persistance::test {
namespace {

using namespace std::chrono_literals;

enum class Level { low, high };

struct Leaf {
  std::vector<std::byte> bytes;
  Level level = Level::low;
  friend bool operator==(const Leaf&, const Leaf&) = default;
};
struct Branch;
using Node = std::variant<Leaf, Branch>;
struct Branch {
  std::vector<Node> nodes;
  friend bool operator==(const Branch&, const Branch&);
};
bool operator==(const Branch& a, const Branch& b) { return a.nodes == b.nodes; }

Schema<Node> nodeSchema() {
  using namespace schema;
  auto leaf = object<Leaf>(field("bytes", &Leaf::bytes),
                           field("level", &Leaf::level,
                                 enumeration<Level>({{Level::low, "low"}, {Level::high, "high"}})));
  auto branch = object<Branch>(field("nodes", &Branch::nodes, array(lazy(nodeSchema))));
  return variant("kind", alternative("leaf", leaf.strict()), alternative("branch", branch));
}

struct Old {
  int count = 0;
};
struct New {
  std::int64_t count = 0;
  std::string note;
  friend bool operator==(const New&, const New&) = default;
};

auto newSchema() {
  using namespace schema;
  return versioned(object<New>(field("count", &New::count),
                               field("note", &New::note).from("text").withDefault("none"))
                       .strict(),
                   from(object<Old>(field("count", &Old::count)),
                        [](const Old& old) { return New{old.count, "old"}; }));
}

struct Rich {
  Sample sample;
  Node node;
  New versioned;
  std::chrono::system_clock::time_point time;
  std::chrono::milliseconds duration{0};
  std::map<std::int16_t, float> pairs;
  std::tuple<bool, std::uint8_t, std::string> tuple;
  std::string word;
  std::string choice;
  int even = 0;
  Unknown raw;
  friend bool operator==(const Rich&, const Rich&) = default;
};

auto rich() {
  using namespace schema;
  return object<Rich>(
      field("sample", &Rich::sample, sampleSchema()), field("node", &Rich::node, nodeSchema()),
      field("versioned", &Rich::versioned, newSchema()), field("time", &Rich::time),
      field("duration", &Rich::duration, millisecondsDuration()), field("pairs", &Rich::pairs),
      field("tuple", &Rich::tuple),
      field("word", &Rich::word, schema::string().pattern("^[a-z]*$")),
      field("choice", &Rich::choice, literal("a", "b")),
      field("even", &Rich::even,
            refine(
                integer<int>(), [](int i) { return i % 2 == 0; }, "an even number")),
      field("raw", &Rich::raw));
}

void check(bool promise, const char* broken) {
  if (!promise) throw std::logic_error(broken);
}

void checkIssues(const std::vector<schema::Issue>& issues) {
  check(!issues.empty() && issues.size() <= 101, "the number of issues");
  for (const schema::Issue& issue : issues) {
    check(issue.path.empty() || issue.path.front() == '/', "a path");
    check(issue.actual.size() <= 80 && schema::detail::isUtf8(issue.actual), "what was found");
    check(!issue.expected.empty() && schema::detail::isUtf8(issue.path), "what was expected");
  }
}

template <class S>
void tryWith(const S& schema, std::span<const std::byte> bytes) {
  std::vector<schema::Issue> issues;
  typename S::Value out{};
  if (!schema::decode(schema, bytes, out, issues)) return checkIssues(issues);
  check(issues.empty(), "an issue of a value that was taken");
  const Unknown encoded = schema.encode(out);
  check(schema.decode(encoded) == out, "a value that was taken does not come back");
}

}  // namespace

std::vector<Unknown> richValues() {
  Rich value{sample(),
             Branch{{Leaf{{std::byte{1}, std::byte{2}}, Level::high}, Branch{{Leaf{}}}}},
             New{1, "n"},
             std::chrono::sys_days(std::chrono::year(2024) / 2 / 29) + 1h + 1ns,
             -1500ms,
             {{-1, 0.5F}, {300, 2}},
             {true, 200, "t"},
             "word",
             "b",
             4,
             Unknown(nlohmann::json{{"x", {1, nullptr}}})};
  std::vector<Unknown> all{rich().encode(value)};
  value.node = Leaf{};
  value.sample.address.reset();
  all.push_back(rich().encode(value));
  all.push_back(nodeSchema().encode(Branch{{Leaf{}, Branch{}}}));
  all.push_back(newSchema().encode({-5, "x"}));
  return all;
}

void tryDecode(std::span<const std::byte> bytes) {
  static const auto whole = rich();
  static const Schema<Node> node = nodeSchema();
  static const auto versioned = newSchema();
  tryWith(whole, bytes);
  tryWith(node, bytes);
  tryWith(versioned, bytes);
}

void tryJson(std::span<const std::byte> bytes) {
  tryWith(schema::json(), bytes);
  tryWith(schema::unknown(), bytes);
}

}  // namespace persistance::test
