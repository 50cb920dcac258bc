#include "backing/lmdb/format.hpp"

#include <doctest/doctest.h>

#include <limits>
#include <random>

using namespace persistance::backing::lmdb;
using namespace std::chrono_literals;

namespace {

std::string text(Bytes bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

std::string sealedText(Bytes name, ExpiryTime expires, std::string_view longKey,
                       std::string_view value) {
  std::string sealed(sealedSize(longKey, value.size()), '\0');
  seal(reinterpret_cast<std::byte*>(sealed.data()), name, expires, longKey, asBytes(value));
  return sealed;
}

std::chrono::system_clock::time_point at(std::chrono::nanoseconds since) {
  return std::chrono::system_clock::time_point(
      std::chrono::duration_cast<std::chrono::system_clock::duration>(since));
}

}  // namespace

TEST_SUITE("lmdb format") {
  TEST_CASE("a value comes back from under its key, and from under no other") {
    const DatabaseKey name = wholeName(7, "key");
    const DatabaseKey other = wholeName(7, "kez");
    for (const std::string value : {"", "v", "a longer value with some bytes in it"}) {
      const std::string sealed = sealedText(name.bytes(), 12345, {}, value);
      const auto record = unseal(name.bytes(), asBytes(sealed));
      REQUIRE(record);
      CHECK(text(record->value) == value);
      CHECK(record->expires == 12345);
      CHECK_FALSE(unseal(other.bytes(), asBytes(sealed)));
    }
  }

  TEST_CASE("a long key travels with its value") {
    DatabaseKey name = digestPrefix(7, {1, 2});
    appendProbe(name, 3);
    const std::string key(5000, 'k');
    const std::string sealed = sealedText(name.bytes(), never, key, "value");
    const auto record = unseal(name.bytes(), asBytes(sealed));
    REQUIRE(record);
    CHECK(record->longKey == key);
    CHECK(text(record->value) == "value");
  }

  TEST_CASE("A5: a record cut at any byte, or with any bit flipped, is no record") {
    DatabaseKey longName = digestPrefix(7, {1, 2});
    appendProbe(longName, 0);
    const std::string key(600, 'k');
    for (const bool isLong : {false, true}) {
      const DatabaseKey name = isLong ? longName : wholeName(7, "key");
      const std::string sealed = sealedText(name.bytes(), 99, isLong ? key : "", "some value");
      for (std::size_t size = 0; size < sealed.size(); ++size)
        CHECK_FALSE(unseal(name.bytes(), asBytes(std::string_view(sealed).substr(0, size))));
      for (std::size_t bit = 0; bit < sealed.size() * 8; ++bit) {
        std::string flipped = sealed;
        flipped[bit / 8] = static_cast<char>(flipped[bit / 8] ^ (1 << (bit % 8)));
        CHECK_FALSE(unseal(name.bytes(), asBytes(flipped)));
      }
    }
  }

  TEST_CASE("names sort by store first, and no two pairs of store and key share one") {
    CHECK(text(wholeName(1, "zzz").bytes()) < text(wholeName(2, "").bytes()));
    CHECK(text(wholeName(255, "z").bytes()) < text(wholeName(256, "a").bytes()));
    CHECK(wholeName(1, std::string(maxWholeKey, 'k')).bytes().size() + timeSize ==
          maxKeyInDatabase);
    CHECK_FALSE(needsDigest(std::string(maxWholeKey, 'k')));
    CHECK(needsDigest(std::string(maxWholeKey + 1, 'k')));
    CHECK(isDigestName(digestPrefix(1, {0, 0}).bytes()));
    // A short key that begins like a digest is still a whole one.
    CHECK_FALSE(isDigestName(wholeName(1, std::string(1, '\x01') + "xxxxxxxxxxxxxxxxyy").bytes()));
    CHECK(headOf(wholeName(0x0102030405060708, "k").bytes())->number == 0x0102030405060708);
    const DatabaseKey value = wholeName(1, std::string(maxWholeKey, 'k'));
    const DatabaseKey expiry = expiryKey(77, value.bytes());
    CHECK(headOf(expiry.bytes())->kind == Kind::expiry);
    CHECK(headOf(expiry.bytes())->number == 77);
    CHECK(text(valueKeyOf(expiry.bytes())->bytes()) == text(value.bytes()));
    CHECK_FALSE(headOf({}));
    CHECK_FALSE(headOf(asBytes("x")));
    CHECK_FALSE(headOf(garbageKey(1).bytes().first(5)));
    CHECK_FALSE(valueKeyOf(expiry.bytes().first(12)));
  }

  TEST_CASE("digests differ by key and by seed") {
    const Digest a = xxh3Digest("key", 1);
    CHECK(a.low != xxh3Digest("kez", 1).low);
    CHECK(a.low != xxh3Digest("key", 2).low);
  }

  TEST_CASE("C2: a moment at which a value is gone") {
    CHECK(expiryAfter(at(1000ms), 5ms) == 1005);
    CHECK(expiryAfter(at(1000ms + 1us), 5ms) == 1006);  // rounded up: never less than was asked
    CHECK(expiryAfter(at(1000ms), std::chrono::milliseconds::max()) == never);
    CHECK(expiryAfter(at(-5000ms), 5ms) == 1);
    CHECK_FALSE(isGone(1005, at(1004ms + 999us)));
    CHECK(isGone(1005, at(1005ms)));
    CHECK(isGone(1005, at(1006ms)));
    CHECK_FALSE(isGone(never, at(std::chrono::hours(24 * 365 * 100))));
    CHECK_FALSE(isGone(1005, at(-1ms)));
  }

  TEST_CASE("identity and number come back; anything else is refused") {
    Identity identity;
    identity.seed = 0x1122334455667788;
    identity.created = 42;
    const auto bytes = encodeIdentity(identity);
    const auto back = decodeIdentity(bytes);
    REQUIRE(back);
    CHECK(back->format == formatNumber);
    CHECK(back->seed == identity.seed);
    CHECK(back->created == 42);
    CHECK_FALSE(decodeIdentity(Bytes(bytes).first(bytes.size() - 1)));
    auto foreign = bytes;
    foreign[0] = std::byte{'x'};
    CHECK_FALSE(decodeIdentity(foreign));
    CHECK(decodeNumber(encodeNumber(77)) == 77);
    CHECK_FALSE(decodeNumber(Bytes(encodeNumber(77)).first(7)));
  }
}
