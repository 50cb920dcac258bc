#include <persistance/schema/detail/names.hpp>

#include <algorithm>
#include <string_view>
#include <utility>

#include <persistance/schema/detail/choice.hpp>
#include <persistance/schema/detail/key.hpp>
#include <persistance/schema/string.hpp>

namespace persistance::schema::detail {

Names::Names(std::vector<std::string> names)
    : names_(std::move(names)), expected_(choiceOfNames(names_)) {
  refuseRepeats({names_.begin(), names_.end()});
}

bool Names::read(Reader& reader, std::size_t& index) const {
  std::string_view name;
  if (!reader.text(name, expected_)) return false;
  index = static_cast<std::size_t>(std::find(names_.begin(), names_.end(), name) - names_.begin());
  return index < names_.size() || reader.fail(expected_, schema::quoted(name));
}

bool Names::write(Writer& writer, std::size_t index, Wide number) const {
  if (index >= names_.size()) return writer.fail(expected_, toText(number));
  return writer.text(names_[index]);
}

Shape Names::shape(Shapes& shapes) const {
  std::vector<Unknown> values;
  for (const std::string& name : names_) values.push_back(string().encode(name));
  return shapes.oneOfValues(values);
}

}  // namespace persistance::schema::detail
