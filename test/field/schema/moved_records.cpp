// A record that can only be moved, by every route that a store and a schema have.
#include <array>
#include <map>
#include <memory>
#include <variant>
#include <vector>

#include <persistance/persistance.hpp>

#include "field/program.hpp"

using namespace persistance;

struct Picture {
  std::string title;
  std::unique_ptr<std::string> pixels;

  Picture() = default;
  Picture(std::string title_, const char* pixels_)
      : title(std::move(title_)), pixels(std::make_unique<std::string>(pixels_)) {}

  static auto schema() {
    return schema::object<Picture>(
        schema::field("title", &Picture::title),
        schema::field("pixels", &Picture::pixels, schema::string().nonEmpty()));
  }
};

struct Album {
  std::vector<Picture> pictures;
  std::map<std::string, Picture> byName;
  std::optional<Picture> cover;
  std::variant<int, Picture> either;
  std::pair<int, Picture> numbered;
  std::array<Picture, 1> first;
  Picture two[2];
  std::unique_ptr<Picture> own;
  std::map<int, Picture> byNumber;

  static auto schema() { return schema::object<Album>(); }
};

struct Handle {
  std::unique_ptr<int> number;
  static auto schema() {
    return schema::transform<Handle>(
        schema::integer<int>(), [](int number) { return Handle{std::make_unique<int>(number)}; },
        [](const Handle& handle) { return *handle.number; });
  }
};

namespace {

const std::string text(1000, 'x');

asio::awaitable<void> routes(SchemaPersistance& stores) {
  const auto pictures = co_await stores.make<Picture>("pictures");
  const Picture sea("sea", text.c_str());
  co_await pictures.set("sea", sea);
  std::vector<std::pair<std::string, Picture>> entries;
  entries.emplace_back("sky", Picture("sky", "blue"));
  entries.emplace_back("dot", Picture("dot", "."));
  co_await pictures.setMany(std::move(entries));
  const auto found = co_await pictures.get("sea");
  field::expect(found && *found->pixels == text, "get");
  const std::vector<std::string> keys{"sky", "none", "dot"};
  const auto many = co_await pictures.getMany(keys);
  field::expect(many[0] && !many[1] && *many[2]->pixels == ".", "getMany");
}

asio::awaitable<void> members(SchemaPersistance& stores) {
  const auto albums = co_await stores.make<Album>("albums");
  Album album;
  album.pictures.emplace_back("a", "1");
  album.byName.try_emplace("b", "b", "2");
  album.cover.emplace("c", "3");
  album.either.emplace<Picture>("d", "4");
  album.numbered.second = Picture("e", "5");
  album.first[0] = Picture("f", "6");
  album.two[1] = Picture("g", "7");
  album.own = std::make_unique<Picture>("h", "8");
  album.byNumber.try_emplace(9, "i", "9");
  co_await albums.set("k", album);
  const auto found = co_await albums.get("k");
  field::expect(found && *found->pictures.at(0).pixels == "1" &&
                    *found->byName.at("b").pixels == "2" && *found->cover->pixels == "3",
                "in containers");
  field::expect(found && *std::get<Picture>(found->either).pixels == "4" &&
                    *found->numbered.second.pixels == "5" && *found->first[0].pixels == "6",
                "in products and sums");
  field::expect(found && !found->two[0].pixels && *found->two[1].pixels == "7" &&
                    *found->own->pixels == "8" && *found->byNumber.at(9).pixels == "9",
                "in arrays and behind pointers");
}

asio::awaitable<void> schemas(SchemaPersistance& stores) {
  const auto handles = co_await stores.make<Handle>("handles");
  Handle seven;
  seven.number = std::make_unique<int>(7);
  co_await handles.set("k", seven);
  const auto handle = co_await handles.get("k");
  field::expect(handle && *handle->number == 7, "a transform");

  const auto versions =
      schema::versioned(Picture::schema(), schema::from(Handle::schema(), [](Handle old) {
                          return Picture("old", std::to_string(*old.number).c_str());
                        }));
  const auto pictures = co_await stores.make("handles", versions);
  const auto migrated = co_await pictures.get("k");
  field::expect(migrated && *migrated->pixels == "7", "a migration");
  const auto titled = schema::refine(
      Picture::schema(), [](const Picture& picture) { return !picture.title.empty(); }, "a title");
  const auto strict = co_await stores.make("titled", titled);
  const Picture dot("dot", ".");
  co_await strict.set("k", dot);
  const auto refined = co_await strict.get("k");
  field::expect(refined && refined->title == "dot", "a rule");
}

asio::awaitable<void> all(SchemaPersistance& stores) {
  co_await routes(stores);
  co_await members(stores);
  co_await schemas(stores);
}

}  // namespace

int main() {
  persistance::test::run([] { return layer::run(layerSchemaMemory, all); });
  return field::result();
}
