// Round trips of generated values, constructor by constructor and put together at random.
#include <doctest/doctest.h>

#include <array>
#include <concepts>
#include <deque>
#include <list>
#include <map>
#include <random>
#include <set>
#include <unordered_map>
#include <unordered_set>
#include <variant>

#include "ask.hpp"
#include "generate.hpp"

namespace {

using namespace persistance;
using namespace persistance::test;

class Values {
 public:
  explicit Values(std::uint64_t seed) : random_(seed) {}

  template <class T>
  T any() {
    T out{};
    fill(out);
    return out;
  }

 private:
  std::size_t size() { return random_() % 8 == 0 ? random_() % 300 : random_() % 6; }

  void fill(bool& out) { out = random_() % 2 == 0; }
  template <schema::Integer T>
  void fill(T& out) {
    out = static_cast<T>(random_() >> (random_() % 64));  // every width, both signs
  }
  template <std::floating_point T>
  void fill(T& out) {
    do {
      if constexpr (sizeof(T) == 4)
        out = std::bit_cast<T>(any<std::uint32_t>());
      else
        out = std::bit_cast<T>(any<std::uint64_t>());
    } while (!std::isfinite(out));
  }
  void fill(std::string& out) {
    static const char* const characters[] = {
        "a", "Z", " ", "\"", "\\", "/", "\n", "\xc3\xa9", "\xe2\x82\xac", "\xf0\x9f\x98\x80"};
    for (std::size_t n = size(); n > 0; --n) out += characters[random_() % 10];
    if (random_() % 10 == 0) out += '\0';
  }
  void fill(std::byte& out) { out = std::byte{any<std::uint8_t>()}; }
  template <class T>
  void fill(std::optional<T>& out) {
    if (any<bool>()) out = any<T>();
  }
  template <class T>
  void fill(std::vector<T>& out) {
    for (std::size_t n = size(); n > 0; --n) out.push_back(any<T>());
  }
  template <class T>
  void fill(std::deque<T>& out) {
    for (std::size_t n = size(); n > 0; --n) out.push_back(any<T>());
  }
  template <class T>
  void fill(std::list<T>& out) {
    for (std::size_t n = size(); n > 0; --n) out.push_back(any<T>());
  }
  template <class T, std::size_t N>
  void fill(std::array<T, N>& out) {
    for (T& item : out) item = any<T>();
  }
  template <class T>
    requires requires(T& set, typename T::key_type item) { set.insert(item); } &&
             std::same_as<typename T::key_type, typename T::value_type>
  void fill(T& out) {
    for (std::size_t n = size(); n > 0; --n) out.insert(any<typename T::key_type>());
  }
  template <class K, class V>
  void fill(std::multimap<K, V>& out) {
    for (std::size_t n = size(); n > 0; --n) out.emplace(any<K>(), any<V>());
  }
  template <class A, class B>
  void fill(std::variant<A, B>& out) {
    if (any<bool>())
      out = any<A>();
    else
      out = any<B>();
  }
  template <class K, class V>
  void fill(std::map<K, V>& out) {
    for (std::size_t n = size(); n > 0; --n) out[any<K>()] = any<V>();
  }
  template <class K, class V>
  void fill(std::unordered_map<K, V>& out) {
    for (std::size_t n = size(); n > 0; --n) out[any<K>()] = any<V>();
  }
  template <class A, class B>
  void fill(std::pair<A, B>& out) {
    out = {any<A>(), any<B>()};
  }
  template <class... T>
  void fill(std::tuple<T...>& out) {
    out = std::tuple<T...>(any<T>()...);
  }
  template <class Rep, class Period>
  void fill(std::chrono::duration<Rep, Period>& out) {
    out = std::chrono::duration<Rep, Period>(any<Rep>());
  }
  template <class D>
  void fill(std::chrono::sys_time<D>& out) {
    out += D(static_cast<typename D::rep>(random_() % 4'000'000'000'000'000'000U));
  }

  std::mt19937_64 random_;
};

template <class T>
void comesBack(std::uint64_t seed) {
  Values values(seed);
  const auto schema = schema::of<T>();
  const Schema<T> erased = schema;
  bool good = true;
  for (int i = 0; i < 200 && good; ++i) {
    const T value = values.any<T>();
    const Unknown encoded = schema.encode(value);
    good = schema.decode(encoded) == value && erased.encode(value) == encoded &&
           schema::unknown().encode(encoded) == encoded;
  }
  CHECK(good);
}

}  // namespace

TEST_SUITE("schema property") {
  TEST_CASE("values of every constructor come back") {
    const std::uint64_t seed = std::random_device()();
    CAPTURE(seed);
    comesBack<bool>(seed);
    comesBack<std::int8_t>(seed);
    comesBack<std::uint16_t>(seed);
    comesBack<std::int32_t>(seed);
    comesBack<std::int64_t>(seed);
    comesBack<std::uint64_t>(seed);
    comesBack<float>(seed);
    comesBack<double>(seed);
    comesBack<std::string>(seed);
    comesBack<std::vector<std::byte>>(seed);
    comesBack<std::optional<std::string>>(seed);
    comesBack<std::vector<bool>>(seed);
    comesBack<std::vector<std::optional<double>>>(seed);
    comesBack<std::map<std::string, std::vector<int>>>(seed);
    comesBack<std::unordered_map<std::uint8_t, std::pair<std::string, bool>>>(seed);
    comesBack<std::tuple<int, std::string, std::optional<bool>>>(seed);
    comesBack<std::chrono::nanoseconds>(seed);
    comesBack<std::chrono::duration<std::int32_t, std::ratio<60>>>(seed);
    comesBack<std::chrono::sys_time<std::chrono::nanoseconds>>(seed);
    comesBack<std::deque<std::vector<std::uint8_t>>>(seed);
    comesBack<std::list<std::array<std::int16_t, 3>>>(seed);
    comesBack<std::array<std::byte, 5>>(seed);
    comesBack<std::set<std::string>>(seed);
    comesBack<std::unordered_multiset<std::int64_t>>(seed);
    comesBack<std::multimap<std::string, std::optional<int>>>(seed);
    comesBack<std::vector<std::variant<std::int64_t, std::string>>>(seed);
    comesBack<std::chrono::duration<double, std::nano>>(seed);
  }

  TEST_CASE("generated schemas refuse without a crash, and JSON comes back") {
    const std::uint64_t seed = std::random_device()();
    CAPTURE(seed);
    Generator generator(seed, Vocabulary::jsonSchema);
    for (int i = 0; i < 100; ++i) {
      const Generated generated = generator.schema();
      for (int j = 0; j < 5; ++j) {
        const json value = generator.value(generated.description, 0.2);
        const Unknown encoded(value);
        CHECK(encoded.json() == value);
        for (const schema::Issue& issue : issuesOf(generated.schema, encoded))
          if (issue.expected != "a value")  // that is where nothing is
            CHECK_NOTHROW((void)value.at(json::json_pointer(issue.path)));
      }
    }
  }
}
