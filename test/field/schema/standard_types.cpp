// Members of the standard library as users spell them: each comes back through a store in memory.
#include <array>
#include <deque>
#include <filesystem>
#include <list>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <variant>
#include <vector>

#include <persistance/persistance.hpp>

#include "field/program.hpp"

using namespace persistance;

enum class Level : std::uint8_t { debug, info, error = 200 };

struct Hash {
  std::size_t operator()(const std::pair<int, int>& place) const {
    return static_cast<std::size_t>(place.first * 31 + place.second);
  }
};

struct CaseBlind {
  bool operator()(const std::string& a, const std::string& b) const { return a.size() < b.size(); }
};

namespace {

/// Stores `value` under its type, and whether it comes back.
template <class A>
asio::awaitable<void> comesBack(SchemaPersistance& stores, std::string what, A value) {
  const auto store = co_await stores.make<A>(what);
  co_await store.set("k", value);
  const std::optional<A> found = co_await store.get("k");
  field::expect(found == value, what);
}

using Grid = std::array<std::array<std::int64_t, 2>, 2>;
using Places = std::unordered_map<std::pair<int, int>, std::vector<std::string>, Hash>;
using Words = std::set<std::string, CaseBlind>;
using Loose = std::variant<std::monostate, bool, std::int64_t, double, std::string>;

asio::awaitable<void> containers(SchemaPersistance& stores) {
  const Grid grid{{{1, std::int64_t{1} << 40}, {-3, 4}}};
  co_await comesBack(stores, "an array of arrays", grid);
  const std::map<std::string, std::set<int>> sets{{"a", {1, 2}}, {"b", {}}};
  co_await comesBack(stores, "sets in a map", sets);
  const std::deque<std::optional<std::string>> texts{"a", std::nullopt, ""};
  co_await comesBack(stores, "optional texts in a deque", texts);
  const std::list<std::pair<std::string, double>> pairs{{"a", 0.1}, {"b", -0.0}};
  co_await comesBack(stores, "pairs in a list", pairs);
  const std::map<Level, std::vector<bool>> flags{{Level::error, {true, false}}};
  co_await comesBack(stores, "bits by an enumeration", flags);
  const Places places{{{1, 2}, {"x"}}, {{3, 4}, {}}};
  co_await comesBack(stores, "a map with a hash of its own", places);
  const Words words{"a", "bb"};
  co_await comesBack(stores, "a set with an order of its own", words);
  const std::multimap<Level, std::string> log{{Level::info, "a"}, {Level::info, "b"}};
  co_await comesBack(stores, "a multimap by an enumeration", log);
  const std::unordered_multiset<std::string> bag{"a", "a", "b"};
  co_await comesBack(stores, "a bag", bag);
  const std::map<std::filesystem::path, std::uint64_t> sizes{{"/tmp/a b", ~std::uint64_t{0}}};
  co_await comesBack(stores, "sizes by path", sizes);
  const std::vector<std::vector<std::vector<int>>> deep{{{1}, {}}, {}};
  co_await comesBack(stores, "vectors three deep", deep);
}

asio::awaitable<void> values(SchemaPersistance& stores) {
  const std::vector<Loose> loose{Loose(), true, std::int64_t{3}, 3.0, "3"};
  co_await comesBack(stores, "a variant of scalars", loose);
  const std::tuple<Level, std::u8string, std::array<std::byte, 3>> odd{
      Level::debug, u8"\u00e4", {}};
  co_await comesBack(stores, "a tuple", odd);
  const std::optional<std::variant<int, std::string>> either = "text";
  co_await comesBack(stores, "an optional variant", either);
  const std::tuple<char, signed char, char16_t, wchar_t, unsigned long long> characters{
      'x', static_cast<signed char>(-1), u'\u20ac', L'x', ~0ULL};
  co_await comesBack(stores, "characters and wide numbers", characters);
  const std::pair<std::chrono::minutes, std::chrono::duration<double, std::milli>> times{5, 0.1};
  co_await comesBack(stores, "durations", times);
  const std::map<std::chrono::year_month_day, std::vector<std::uint8_t>> days{
      {std::chrono::year(2024) / 2 / 29, {1, 2, 255}}};
  co_await comesBack(stores, "bytes by day", days);
  co_await comesBack(stores, "an empty tuple", std::tuple<>());
  const std::vector<std::monostate> nothings(3);
  co_await comesBack(stores, "nothings", nothings);
}

asio::awaitable<void> all(SchemaPersistance& stores) {
  co_await containers(stores);
  co_await values(stores);
}

}  // namespace

int main() {
  persistance::test::run([] { return layer::run(layerSchemaMemory, all); });
  return field::result();
}
