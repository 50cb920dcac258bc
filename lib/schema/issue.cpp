#include <persistance/schema/issue.hpp>

#include <algorithm>
#include <string_view>

#include <nlohmann/json.hpp>

namespace persistance::schema {
namespace {

std::string message(const Issue& issue) {
  return "expected " + issue.expected + ", got " + issue.actual;
}

struct Branch {
  std::string name;
  std::vector<std::string> messages{};
  std::vector<Branch> children{};  // in the order in which they were seen

  Branch& child(const std::string& wanted) {
    for (Branch& branch : children)
      if (branch.name == wanted) return branch;
    return children.emplace_back(Branch{wanted});
  }
};

std::string unescaped(std::string_view segment) {
  std::string out;
  for (std::size_t i = 0; i < segment.size(); ++i) {
    const bool escape = segment[i] == '~' && i + 1 < segment.size();
    out += !escape ? segment[i] : segment[++i] == '1' ? '/' : '~';
  }
  return out;
}

void add(Branch& root, const Issue& issue) {
  Branch* branch = &root;
  std::string_view rest = issue.path;
  while (!rest.empty()) {
    rest.remove_prefix(1);  // the slash
    const std::size_t end = std::min(rest.find('/'), rest.size());
    branch = &branch->child(unescaped(rest.substr(0, end)));
    rest.remove_prefix(end);
  }
  branch->messages.push_back(message(issue));
}

void print(const Branch& branch, const std::string& indent, std::string& out) {
  const auto line = [&](bool last, const std::string& text) {
    out += indent + (last ? "\u2514\u2500 " : "\u251c\u2500 ") + text + "\n";
  };
  std::size_t left = branch.messages.size() + branch.children.size();
  for (const std::string& text : branch.messages) line(--left == 0, text);
  for (const Branch& child : branch.children) {
    const bool last = --left == 0;
    const bool leaf = child.messages.size() == 1 && child.children.empty();
    line(last, leaf ? child.name + ": " + child.messages.front() : child.name);
    if (!leaf) print(child, indent + (last ? "   " : "\u2502  "), out);
  }
}

}  // namespace

std::string summary(const std::vector<Issue>& issues) {
  std::string text;
  for (const Issue& issue : issues) {
    if (!text.empty()) text += "; ";
    text += (issue.path.empty() ? "" : issue.path + ": ") + message(issue);
  }
  return text;
}

std::string describe(const std::vector<Issue>& issues) {
  Branch root{""};
  for (const Issue& issue : issues) add(root, issue);
  std::string text = std::to_string(issues.size()) + (issues.size() == 1 ? " issue" : " issues");
  text += '\n';
  print(root, "", text);
  return text;
}

void to_json(nlohmann::json& tree, const Issue& issue) {
  tree = nlohmann::json::object();
  tree["path"] = issue.path;
  tree["expected"] = issue.expected;
  tree["actual"] = issue.actual;
}

void from_json(const nlohmann::json& tree, Issue& issue) {
  tree.at("path").get_to(issue.path);
  tree.at("expected").get_to(issue.expected);
  tree.at("actual").get_to(issue.actual);
}

}  // namespace persistance::schema
