// The codec, each figure beside its floor in the same run: hand-written code for the same bytes
// (with bounds checks, without a UTF-8 check), nlohmann's MessagePack, and memcpy.
#include <benchmark/benchmark.h>

#include <cstdlib>
#include <cstring>
#include <span>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>
#include <persistance/schema.hpp>

#include "support/ratios.hpp"
#include "support/user.hpp"

namespace persistance::bench {

NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(User, name, email, age, tags)

namespace {

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

Cursor cursorOf(std::span<const std::byte> bytes) {
  const auto* data = reinterpret_cast<const unsigned char*>(bytes.data());
  return {data, data + bytes.size()};
}

bool user(Cursor& c, User& out) {
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
         integer(c, out.age) && take(c, "\xa4tags", 5) && texts(c, out.tags);
}

bool decode(std::span<const std::byte> bytes, User& out) {
  Cursor c = cursorOf(bytes);
  return user(c, out) && c.at == c.end;
}

// The array header is an `array 16` or `array 32`.
bool decodeAll(std::span<const std::byte> bytes, std::vector<User>& out) {
  Cursor c = cursorOf(bytes);
  const std::size_t width = *c.at == 0xdc ? 2 : 4;
  std::size_t count = 0;
  for (std::size_t i = 1; i <= width; ++i) count = count << 8 | c.at[i];
  c.at += 1 + width;
  out.reserve(count);
  for (; count > 0; --count)
    if (!user(c, out.emplace_back())) return false;
  return c.at == c.end;
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

void require(bool condition) {
  if (!condition) std::abort();
}

const Unknown& encodedUser() {
  static const Unknown encoded = User::schema().encode(user(1));
  return encoded;
}

// Users that make about so many megabytes.
const Unknown& encodedUsers(std::int64_t megabytes) {
  static std::vector<Unknown> all(5);
  Unknown& place = all.at(static_cast<std::size_t>(megabytes));
  if (place == Unknown()) {
    const std::size_t size = static_cast<std::size_t>(megabytes) << 20;
    std::vector<User> users;
    for (std::size_t i = 0; i * encodedUser().bytes().size() < size; ++i) users.push_back(user(i));
    place = schema::array(User::schema()).encode(users);
  }
  return place;
}

void decodeOurs(benchmark::State& state) {
  const auto schema = User::schema();
  std::vector<schema::Issue> issues;
  for (auto _ : state) {
    User out;
    require(schema::decode(schema, encodedUser().bytes(), out, issues));
    benchmark::DoNotOptimize(out);
  }
}

void decodeErased(benchmark::State& state) {
  const Schema<User> schema = User::schema();
  std::vector<schema::Issue> issues;
  for (auto _ : state) {
    User out;
    require(schema::decode(schema, encodedUser().bytes(), out, issues));
    benchmark::DoNotOptimize(out);
  }
}

void decodeHand(benchmark::State& state) {
  for (auto _ : state) {
    User out;
    require(hand::decode(encodedUser().bytes(), out));
    benchmark::DoNotOptimize(out);
  }
}

void decodeNlohmann(benchmark::State& state) {
  const auto bytes = encodedUser().bytes();
  const auto* data = reinterpret_cast<const std::uint8_t*>(bytes.data());
  for (auto _ : state) {
    auto out = nlohmann::json::from_msgpack(data, data + bytes.size()).get<User>();
    benchmark::DoNotOptimize(out);
  }
}

void encodeOurs(benchmark::State& state) {
  const auto schema = User::schema();
  std::vector<schema::Issue> issues;
  for (auto _ : state) {
    Unknown out = schema::encode(schema, user(1), issues);
    benchmark::DoNotOptimize(out);
  }
}

void encodeHand(benchmark::State& state) {
  require(hand::encode(user(1)) == encodedUser());
  for (auto _ : state) {
    Unknown out = hand::encode(user(1));
    benchmark::DoNotOptimize(out);
  }
}

void encodeNlohmann(benchmark::State& state) {
  for (auto _ : state) {
    auto out = nlohmann::json::to_msgpack(nlohmann::json(user(1)));
    benchmark::DoNotOptimize(out);
  }
}

void arrayOurs(benchmark::State& state, std::int64_t megabytes) {
  const auto schema = schema::array(User::schema());
  const Unknown& encoded = encodedUsers(megabytes);
  std::vector<schema::Issue> issues;
  for (auto _ : state) {
    std::vector<User> out;
    require(schema::decode(schema, encoded.bytes(), out, issues));
    benchmark::DoNotOptimize(out);
  }
  state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(encoded.bytes().size()));
}

void arrayHand(benchmark::State& state, std::int64_t megabytes) {
  const Unknown& encoded = encodedUsers(megabytes);
  for (auto _ : state) {
    std::vector<User> out;
    require(hand::decodeAll(encoded.bytes(), out));
    benchmark::DoNotOptimize(out);
  }
  state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(encoded.bytes().size()));
}

void copy(benchmark::State& state, std::int64_t megabytes) {
  const Unknown& encoded = encodedUsers(megabytes);
  std::vector<std::byte> out(encoded.bytes().size());
  for (auto _ : state) {
    std::memcpy(out.data(), encoded.bytes().data(), out.size());
    benchmark::ClobberMemory();
  }
  state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(out.size()));
}

BENCHMARK(decodeOurs)->Name("decode to hand-written/persistance");
BENCHMARK(decodeHand)->Name("decode to hand-written/floor");
BENCHMARK(decodeErased)->Name("decode by Schema<A> to hand-written/persistance");
BENCHMARK(decodeHand)->Name("decode by Schema<A> to hand-written/floor");
BENCHMARK(decodeOurs)->Name("decode to nlohmann/persistance");
BENCHMARK(decodeNlohmann)->Name("decode to nlohmann/floor");
BENCHMARK(encodeOurs)->Name("encode to hand-written/persistance");
BENCHMARK(encodeHand)->Name("encode to hand-written/floor");
BENCHMARK(encodeOurs)->Name("encode to nlohmann/persistance");
BENCHMARK(encodeNlohmann)->Name("encode to nlohmann/floor");
BENCHMARK_CAPTURE(arrayOurs, 1, 1)->Name("decode 1 MB to hand-written/persistance");
BENCHMARK_CAPTURE(arrayHand, 1, 1)->Name("decode 1 MB to hand-written/floor");
BENCHMARK_CAPTURE(arrayOurs, 2, 2)->Name("decode 2 MB to hand-written/persistance");
BENCHMARK_CAPTURE(arrayHand, 2, 2)->Name("decode 2 MB to hand-written/floor");
BENCHMARK_CAPTURE(arrayOurs, 4, 4)->Name("decode 4 MB to hand-written/persistance");
BENCHMARK_CAPTURE(arrayHand, 4, 4)->Name("decode 4 MB to hand-written/floor");
BENCHMARK_CAPTURE(arrayOurs, 1c, 1)->Name("decode 1 MB to memcpy/persistance");
BENCHMARK_CAPTURE(copy, 1c, 1)->Name("decode 1 MB to memcpy/floor");

}  // namespace
}  // namespace persistance::bench

int main(int argc, char** argv) {
  return persistance::bench::runWithRatios(argc, argv,
                                           {{"decode to hand-written", 1.6},
                                            {"decode by Schema<A> to hand-written", 1.6},
                                            {"decode to nlohmann", 0.1},
                                            {"encode to hand-written", 1.6},
                                            {"encode to nlohmann", 0.1},
                                            {"decode 1 MB to hand-written", 1.6},
                                            {"decode 2 MB to hand-written", 1.6},
                                            {"decode 4 MB to hand-written", 1.6}});
}
