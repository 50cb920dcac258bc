#include <persistance/schema/issue.hpp>

namespace persistance::schema {

std::string summary(const std::vector<Issue>& issues) {
  std::string text;
  for (const Issue& issue : issues) {
    if (!text.empty()) text += "; ";
    text += (issue.path.empty() ? "" : issue.path + ": ") + "expected " + issue.expected +
            ", got " + issue.actual;
  }
  return text;
}

}  // namespace persistance::schema
