// The codec, each figure beside its floor in the same run: hand-written code for the same bytes,
// nlohmann's MessagePack, and memcpy.
#include <benchmark/benchmark.h>

#include <cstring>
#include <optional>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>
#include <persistance/schema.hpp>

namespace {

using namespace persistance;

struct User {
  std::string name;
  std::string email;
  int age = 0;
  std::vector<std::string> tags;
  friend bool operator==(const User&, const User&) = default;
  NLOHMANN_DEFINE_TYPE_INTRUSIVE(User, name, email, age, tags)
};

auto userSchema() {
  return schema::object<User>(schema::field("name", &User::name),
                              schema::field("email", &User::email),
                              schema::field("age", &User::age), schema::field("tags", &User::tags));
}

User user(int i) {
  return {"User Number " + std::to_string(i),
          "user" + std::to_string(i) + "@example.com",
          20 + i % 80,
          {"alpha", "beta" + std::to_string(i % 10), "gamma delta"}};
}

// What one would write by hand for exactly these bytes, checks included, UTF-8 apart.
namespace hand {

struct Cursor {
  const unsigned char* at;
  const unsigned char* end;
};

bool take(Cursor& c, const char* bytes, std::size_t size) {
  if (static_cast<std::size_t>(c.end - c.at) < size || std::memcmp(c.at, bytes, size) != 0)
    return false;
  c.at += size;
  return true;
}

bool text(Cursor& c, std::string& out) {
  if (c.at == c.end) return false;
  std::size_t size = 0;
  if ((*c.at & 0xe0) == 0xa0) {
    size = *c.at++ & 0x1fU;
  } else if (*c.at == 0xd9 && c.end - c.at >= 2) {
    size = c.at[1];
    c.at += 2;
  } else {
    return false;
  }
  if (static_cast<std::size_t>(c.end - c.at) < size) return false;
  out.assign(reinterpret_cast<const char*>(c.at), size);
  c.at += size;
  return true;
}

bool integer(Cursor& c, int& out) {
  if (c.at == c.end) return false;
  if (*c.at < 0x80) {
    out = *c.at++;
    return true;
  }
  if (*c.at != 0xcc || c.end - c.at < 2) return false;
  out = c.at[1];
  c.at += 2;
  return true;
}

bool texts(Cursor& c, std::vector<std::string>& out) {
  if (c.at == c.end || (*c.at & 0xf0) != 0x90) return false;
  const std::size_t count = *c.at++ & 0x0fU;
  out.resize(count);
  for (std::string& element : out)
    if (!text(c, element)) return false;
  return true;
}

bool decode(std::span<const std::byte> bytes, User& out) {
  Cursor c{reinterpret_cast<const unsigned char*>(bytes.data()),
           reinterpret_cast<const unsigned char*>(bytes.data()) + bytes.size()};
  return take(c, "\x84\xa4name", 6) && text(c, out.name) &&
         take(c,
              "\xa5"
              "email",
              6) &&
         text(c, out.email) &&
         take(c,
              "\xa3"
              "age",
              4) &&
         integer(c, out.age) && take(c, "\xa4tags", 5) && texts(c, out.tags) && c.at == c.end;
}

std::size_t sizeOf(const std::string& text) { return text.size() + (text.size() < 32 ? 1 : 2); }

unsigned char* put(unsigned char* at, const std::string& text) {
  if (text.size() < 32) {
    *at++ = static_cast<unsigned char>(0xa0 | text.size());
  } else {
    *at++ = 0xd9;
    *at++ = static_cast<unsigned char>(text.size());
  }
  std::memcpy(at, text.data(), text.size());
  return at + text.size();
}

// One allocation of the exact size, as the library has it.
Unknown encode(const User& value) {
  std::size_t size = 6 + 6 + 4 + 5 + 3 + sizeOf(value.name) + sizeOf(value.email);
  for (const std::string& tag : value.tags) size += sizeOf(tag);
  unsigned char buffer[1024];
  unsigned char* at = buffer;
  if (size > sizeof buffer) return {};
  std::memcpy(at, "\x84\xa4name", 6);
  at = put(at + 6, value.name);
  std::memcpy(at,
              "\xa5"
              "email",
              6);
  at = put(at + 6, value.email);
  std::memcpy(at,
              "\xa3"
              "age",
              4);
  at += 4;
  if (value.age >= 128) *at++ = 0xcc;
  *at++ = static_cast<unsigned char>(value.age);
  std::memcpy(at, "\xa4tags", 5);
  at += 5;
  *at++ = static_cast<unsigned char>(0x90 | value.tags.size());
  for (const std::string& tag : value.tags) at = put(at, tag);
  return Unknown::fromBytes(std::as_bytes(std::span(buffer, at)));
}

}  // namespace hand

void decodeSchema(benchmark::State& state) {
  const auto schema = userSchema();
  const Unknown encoded = schema.encode(user(1));
  std::vector<schema::Issue> issues;
  for (auto _ : state) {
    User out;
    benchmark::DoNotOptimize(schema::decode(schema, encoded.bytes(), out, issues));
    benchmark::DoNotOptimize(out);
  }
}
BENCHMARK(decodeSchema);

void decodeErased(benchmark::State& state) {
  const Schema<User> schema = userSchema();
  const Unknown encoded = schema.encode(user(1));
  std::vector<schema::Issue> issues;
  for (auto _ : state) {
    User out;
    benchmark::DoNotOptimize(schema::decode(schema, encoded.bytes(), out, issues));
    benchmark::DoNotOptimize(out);
  }
}
BENCHMARK(decodeErased);

void decodeHand(benchmark::State& state) {
  const Unknown encoded = userSchema().encode(user(1));
  for (auto _ : state) {
    User out;
    if (!hand::decode(encoded.bytes(), out)) std::abort();
    benchmark::DoNotOptimize(out);
  }
}
BENCHMARK(decodeHand);

void decodeNlohmann(benchmark::State& state) {
  const Unknown encoded = userSchema().encode(user(1));
  const auto* data = reinterpret_cast<const std::uint8_t*>(encoded.bytes().data());
  for (auto _ : state) {
    auto out = nlohmann::json::from_msgpack(data, data + encoded.bytes().size()).get<User>();
    benchmark::DoNotOptimize(out);
  }
}
BENCHMARK(decodeNlohmann);

void encodeSchema(benchmark::State& state) {
  const auto schema = userSchema();
  const User value = user(1);
  std::vector<schema::Issue> issues;
  for (auto _ : state) {
    Unknown out = schema::encode(schema, value, issues);
    benchmark::DoNotOptimize(out);
  }
}
BENCHMARK(encodeSchema);

void encodeHand(benchmark::State& state) {
  const User value = user(1);
  if (hand::encode(value) != userSchema().encode(value)) std::abort();
  for (auto _ : state) {
    Unknown out = hand::encode(value);
    benchmark::DoNotOptimize(out);
  }
}
BENCHMARK(encodeHand);

void encodeNlohmann(benchmark::State& state) {
  const User value = user(1);
  for (auto _ : state) {
    auto out = nlohmann::json::to_msgpack(nlohmann::json(value));
    benchmark::DoNotOptimize(out);
  }
}
BENCHMARK(encodeNlohmann);

}  // namespace

BENCHMARK_MAIN();
