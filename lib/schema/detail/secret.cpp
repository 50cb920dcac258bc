#include <persistance/schema/detail/secret.hpp>

#include <algorithm>
#include <atomic>
#include <optional>
#include <set>
#include <string>
#include <string_view>

#include <nlohmann/json.hpp>

namespace persistance::schema::detail {
namespace {

using Tree = nlohmann::json;

std::atomic<bool> anySecret = false;

constexpr const char* choices[] = {"anyOf", "oneOf", "allOf"};

// A JSON Schema, and a walk through it along the path of an issue.
class Document {
 public:
  explicit Document(const Tree& root) : root_(root) {}

  // How much of `path` is left where it comes to something secret; nullopt: nowhere.
  std::optional<std::size_t> leftAtSecret(std::string_view path) const {
    return leftAtSecret(root_, path);
  }

  // Whether the front of `path` are names of fields and indexes, and its last key is none.
  bool endsInData(std::string_view path) const { return endsInData(root_, path); }

 private:
  std::optional<std::size_t> leftAtSecret(const Tree& node, std::string_view path) const {
    if (isSecret(node)) return path.size();
    std::set<std::string> seen;
    const bool isHere = path.empty() || isStranger(node, path);
    if (isHere && holdsSecret(node, seen)) return path.empty() ? 0 : rest(path).size();
    std::optional<std::size_t> found;
    forEachNext(node, path, [&](const Tree& next, std::string_view left) {
      if (!found) found = leftAtSecret(next, left);
    });
    return found;
  }

  bool endsInData(const Tree& node, std::string_view path) const {
    if (path.empty()) return false;
    bool isName = false;
    forEachNext(node, path, [&](const Tree& next, std::string_view left) {
      if (left.size() == path.size())
        isName = isName || !endsInData(next, path);
      else if (!left.empty())
        isName = isName || !endsInData(next, left);
      else
        isName = isName || isNamed(node, key(path)) || isIndex(node, key(path));
    });
    return !isName;
  }

  // What the first key of `path` leads to, with what is left of it; choices and references lead on
  // with all of it.
  template <class F>
  void forEachNext(const Tree& node, std::string_view path, F f) const {
    if (!node.is_object()) return;
    if (node.contains("$ref")) f(referred(node), path);
    for (const char* choice : choices)
      if (node.contains(choice))
        for (const Tree& next : node[choice]) f(next, path);
    if (path.empty()) return;
    const std::string name = key(path);
    if (isNamed(node, name))
      f(node["properties"][name], rest(path));
    else if (const auto all = node.find("additionalProperties");
             all != node.end() && all->is_object())
      f(*all, rest(path));
    else if (isIndex(node, name))
      f(item(node, name), rest(path));
  }

  static bool isSecret(const Tree& node) {
    const auto mark = node.is_object() ? node.find("writeOnly") : node.end();
    return mark != node.end() && *mark == true;  // a field of that name is no boolean
  }

  // Whether `path` leads to a field that the record does not know.
  static bool isStranger(const Tree& node, std::string_view path) {
    return node.is_object() && node.contains("properties") && !isNamed(node, key(path));
  }

  bool holdsSecret(const Tree& node, std::set<std::string>& seen) const {
    if (isSecret(node)) return true;
    if (node.is_object() && node.contains("$ref") &&
        seen.insert(node["$ref"].get<std::string>()).second && holdsSecret(referred(node), seen))
      return true;
    return (node.is_object() || node.is_array()) &&
           std::any_of(node.begin(), node.end(),
                       [&](const Tree& inner) { return holdsSecret(inner, seen); });
  }

  const Tree& referred(const Tree& node) const {
    const std::string reference = node["$ref"];
    return root_["$defs"][reference.substr(reference.rfind('/') + 1)];
  }

  static bool isNamed(const Tree& node, const std::string& name) {
    return node.contains("properties") && node["properties"].contains(name);
  }
  static bool isIndex(const Tree& node, const std::string& name) {
    return (node.contains("items") || node.contains("prefixItems")) &&
           name.find_first_not_of("0123456789") == std::string::npos;
  }
  static const Tree& item(const Tree& node, const std::string& index) {
    static const Tree nothing = Tree::object();
    const auto first = node.find("prefixItems");
    const std::size_t at = index.size() < 9 ? std::stoul(index) : Shapes::unbounded;
    if (first != node.end() && at < first->size()) return (*first)[at];
    const auto others = node.find("items");
    return others != node.end() && others->is_object() ? *others : nothing;
  }

  static std::string_view rest(std::string_view path) {
    return path.substr(std::min(path.find('/', 1), path.size()));
  }
  static std::string key(std::string_view path) {
    const std::string_view segment = path.substr(1, path.find('/', 1) - 1);
    std::string name;
    for (std::size_t i = 0; i < segment.size(); ++i) {
      const bool escape = segment[i] == '~' && i + 1 < segment.size();
      name += !escape ? segment[i] : segment[++i] == '1' ? '/' : '~';
    }
    return name;
  }

  const Tree& root_;
};

// `path` with a star in place of each key that is data and no name.
std::string withoutData(const Document& document, const std::string& path) {
  std::string out;
  for (std::size_t begin = 0; begin < path.size();) {
    const std::size_t end = std::min(path.find('/', begin + 1), path.size());
    const bool isData = document.endsInData(std::string_view(path).substr(0, end));
    out += isData ? "/*" : path.substr(begin, end - begin);
    begin = end;
  }
  return out;
}

}  // namespace

bool secretsExist() noexcept { return anySecret.load(std::memory_order_relaxed); }
void noteSecret() noexcept { anySecret.store(true, std::memory_order_relaxed); }

void hideSecrets(const Tree& document, std::vector<Issue>& issues, std::size_t first) {
  const Document shape(document);
  for (std::size_t i = first; i < issues.size(); ++i) {
    const auto left = shape.leftAtSecret(issues[i].path);
    if (!left) continue;
    issues[i].path.resize(issues[i].path.size() - *left);
    issues[i].actual = hiddenValue;
  }
}

void hideValues(const Tree& document, std::vector<Issue>& issues) {
  const Document shape(document);
  for (Issue& issue : issues) {
    issue.path = withoutData(shape, issue.path);
    issue.actual = hiddenValue;
  }
}

}  // namespace persistance::schema::detail
