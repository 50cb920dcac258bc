#pragma once
/// @file
/// Paths of files.

#include <concepts>
#include <string>
#include <string_view>

#include <persistance/schema/schema.hpp>

namespace persistance::schema {

/// std::filesystem::path, told by what it can do: its header is a large one, and whoever has a path
/// has included it.
template <class A>
concept PathLike = requires(const A& path, std::u8string text) {
  { path.u8string() } -> std::same_as<std::u8string>;
  { path.lexically_normal() } -> std::same_as<A>;
  A(text);
};

/// A path as UTF-8 text, as it is spelled: neither made absolute nor changed otherwise. One that is
/// not UTF-8 is an issue.
template <PathLike A>
class PathSchema : public Codec<PathSchema<A>, A> {
 public:
  PathSchema() = default;

  bool write(Writer& writer, const A& value) const {
    const std::u8string text = value.u8string();
    return writer.text({reinterpret_cast<const char*>(text.data()), text.size()});
  }
  bool read(Reader& reader, A& out) const {
    std::string_view text;
    if (!reader.text(text)) return false;
    out = A(std::u8string(text.begin(), text.end()));
    return true;
  }
  Shape shape(Shapes& shapes) const { return shapes.string(0, Shapes::unbounded, {}); }
};

/// `path<std::filesystem::path>()`.
template <PathLike A>
[[nodiscard]] PathSchema<A> path() {
  return {};
}

}  // namespace persistance::schema
