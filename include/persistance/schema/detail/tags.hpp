#pragma once
/// @file
/// The tag of a variant: the field that says which alternative a record is.

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include <persistance/schema/detail/key.hpp>
#include <persistance/schema/detail/names.hpp>

namespace persistance::schema::detail {

/// The tags of a variant, apart from its types.
class Tags {
 public:
  /// @par Errors  std::invalid_argument: two alternatives have one name.
  Tags(std::string_view tag, std::vector<std::string> names);

  [[nodiscard]] std::string_view tag() const noexcept { return key_.name(); }
  [[nodiscard]] const std::vector<std::string>& names() const noexcept { return names_.all(); }

  bool write(Writer& writer, std::size_t index) const;

  /// In a map of `count` pairs that has just been entered, finds the tag and takes it if it comes
  /// first, as it does where we wrote it. On true the reader stands at the first pair that is left
  /// to read; `count` says how many those are, and `taken` whether the tag is none of them any more.
  /// On false the map has been left.
  bool read(Reader& reader, std::size_t& count, std::size_t& index, bool& taken) const;

  /// Finds the tag of a record in an envelope. On true the reader stands in front of it still, on
  /// false behind it.
  bool readInside(Reader& reader, std::size_t& index) const;

 private:
  bool seek(Reader& reader, std::size_t count, std::size_t& index) const;
  bool miss(Reader& reader, std::size_t mark) const;

  DynamicKey key_;
  Names names_;
};

}  // namespace persistance::schema::detail
