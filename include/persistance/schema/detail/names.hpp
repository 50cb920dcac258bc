#pragma once
/// @file
/// A fixed list of names, one of which is stored.

#include <cstddef>
#include <string>
#include <vector>

#include <persistance/schema/detail/number_text.hpp>
#include <persistance/schema/reader.hpp>
#include <persistance/schema/shape.hpp>
#include <persistance/schema/writer.hpp>

namespace persistance::schema::detail {

/// The names of an enumeration's values or of a variant's alternatives, apart from their types.
class Names {
 public:
  /// @par Errors  std::invalid_argument: a name comes twice.
  explicit Names(std::vector<std::string> names);

  /// The index of the name that comes next; an issue if it is none of them.
  bool read(Reader& reader, std::size_t& index) const;
  /// The name at `index`; beyond them an issue, in which the value is `number`.
  bool write(Writer& writer, std::size_t index, Wide number) const;

  [[nodiscard]] Shape shape(Shapes& shapes) const;
  [[nodiscard]] const std::vector<std::string>& all() const noexcept { return names_; }
  /// What an issue says was wanted: `"a", "b" or "c"`.
  [[nodiscard]] const std::string& expected() const noexcept { return expected_; }

 private:
  std::vector<std::string> names_;
  std::string expected_;
};

}  // namespace persistance::schema::detail
