#include "backing/lmdb/format.hpp"

// The hash is compiled in, so that a short input costs no call.
#define XXH_INLINE_ALL
#include <xxhash.h>

#include <algorithm>

#include "backing/expiry.hpp"

namespace persistance::backing::lmdb {

namespace {

constexpr std::byte digestTag{1};
constexpr std::byte recordVersion{1};
constexpr std::size_t checksumSize = 8;
constexpr std::size_t headSize = checksumSize + 1 + timeSize;
constexpr std::size_t lengthSize = 4;
constexpr std::string_view magic = "persistance lmdb";

template <class Integer>
void putLittle(std::byte* to, Integer value) noexcept {
  for (std::size_t i = 0; i < sizeof(Integer); ++i)
    to[i] = static_cast<std::byte>(static_cast<std::uint64_t>(value) >> (8 * i));
}

template <class Integer>
Integer getLittle(const std::byte* from) noexcept {
  std::uint64_t value = 0;
  for (std::size_t i = sizeof(Integer); i-- > 0;)
    value = (value << 8) | std::to_integer<std::uint64_t>(from[i]);
  return static_cast<Integer>(value);
}

std::uint64_t checksumOf(Bytes databaseKey, Bytes rest) noexcept {
  const std::uint64_t seed = XXH3_64bits(databaseKey.data(), databaseKey.size());
  return XXH3_64bits_withSeed(rest.data(), rest.size(), seed);
}

}  // namespace

ExpiryTime expiryAfter(std::chrono::system_clock::time_point now,
                       std::chrono::milliseconds timeToLive) noexcept {
  // Rounded up, so that a value lives for as long as was asked, and never for less.
  const auto end = expiresAt(std::chrono::ceil<std::chrono::milliseconds>(now), timeToLive);
  if (!end) return never;
  return static_cast<ExpiryTime>(std::max<std::int64_t>(end->time_since_epoch().count(), 1));
}

bool isGone(ExpiryTime time, std::chrono::system_clock::time_point now) noexcept {
  if (time == never) return false;
  const auto since = std::chrono::floor<std::chrono::milliseconds>(now.time_since_epoch()).count();
  return since >= 0 && time <= static_cast<ExpiryTime>(since);
}

std::chrono::milliseconds timeLeft(ExpiryTime time,
                                   std::chrono::system_clock::time_point now) noexcept {
  const auto since = std::chrono::floor<std::chrono::milliseconds>(now.time_since_epoch()).count();
  const auto left = time - static_cast<ExpiryTime>(std::max<std::int64_t>(since, 0));
  return std::chrono::milliseconds(std::max<std::int64_t>(static_cast<std::int64_t>(left), 1));
}

Digest xxh3Digest(std::string_view key, std::uint64_t seed) {
  const XXH128_hash_t hash = XXH3_128bits_withSeed(key.data(), key.size(), seed);
  return {hash.high64, hash.low64};
}

std::size_t nameSize(std::string_view key) noexcept {
  constexpr std::size_t digestSize = 16;
  return kindSize + numberSize + 1 + (needsDigest(key) ? digestSize + probeSize : key.size());
}

DatabaseKey digestPrefix(std::uint64_t number, Digest digest) noexcept {
  DatabaseKey name(Kind::value);
  name.number(number).append({&digestTag, 1}).number(digest.high).number(digest.low);
  return name;
}

void appendProbe(DatabaseKey& prefix, std::uint16_t probe) noexcept {
  const std::array bytes{static_cast<std::byte>(probe >> 8), static_cast<std::byte>(probe & 0xff)};
  prefix.append(bytes);
}

bool isDigestName(Bytes valueKey) noexcept {
  constexpr std::size_t tagAt = kindSize + numberSize;
  return valueKey.size() > tagAt && valueKey[tagAt] == digestTag;
}

DatabaseKey valuePrefix(std::uint64_t number) noexcept {
  return DatabaseKey(Kind::value).number(number);
}

DatabaseKey expiryKey(ExpiryTime time, Bytes valueKey) noexcept {
  return DatabaseKey(Kind::expiry).number(time).append(valueKey.subspan(kindSize));
}

std::optional<DatabaseKey> valueKeyOf(Bytes expiryKey) noexcept {
  constexpr std::size_t head = kindSize + timeSize;
  if (expiryKey.size() < head + numberSize || expiryKey.size() > maxKeyInDatabase)
    return std::nullopt;
  return DatabaseKey(Kind::value).append(expiryKey.subspan(head));
}

DatabaseKey garbageKey(std::uint64_t number) noexcept {
  return DatabaseKey(Kind::garbage).number(number);
}

DatabaseKey metaKey(std::string_view name) noexcept {
  return DatabaseKey(Kind::meta).append(asBytes(name));
}

std::optional<KeyHead> headOf(Bytes databaseKey) noexcept {
  if (databaseKey.empty()) return std::nullopt;
  const auto kind = std::to_integer<std::uint8_t>(databaseKey[0]);
  if (kind < std::uint8_t(Kind::meta) || kind > std::uint8_t(Kind::garbage)) return std::nullopt;
  KeyHead head{static_cast<Kind>(kind), 0};
  if (head.kind == Kind::meta) return head;
  if (databaseKey.size() < kindSize + 8) return std::nullopt;
  for (const std::byte byte : databaseKey.subspan(kindSize, 8))
    head.number = (head.number << 8) | std::to_integer<std::uint64_t>(byte);
  return head;
}

std::size_t sealedSize(std::string_view longKey, std::size_t value) noexcept {
  return headSize + (longKey.empty() ? 0 : lengthSize + longKey.size()) + value;
}

void seal(std::byte* to, Bytes databaseKey, ExpiryTime expires, std::string_view longKey,
          Bytes value) noexcept {
  std::byte* at = to + checksumSize;
  *at++ = recordVersion;
  putLittle(at, expires);
  at += timeSize;
  if (!longKey.empty()) {
    putLittle(at, static_cast<std::uint32_t>(longKey.size()));
    at += lengthSize;
    std::memcpy(at, longKey.data(), longKey.size());
    at += longKey.size();
  }
  if (!value.empty()) std::memcpy(at, value.data(), value.size());
  at += value.size();
  putLittle(to, checksumOf(databaseKey, Bytes(to + checksumSize, at)));
}

std::optional<Record> unseal(Bytes databaseKey, Bytes sealed) noexcept {
  if (sealed.size() < headSize) return std::nullopt;
  if (getLittle<std::uint64_t>(sealed.data()) !=
      checksumOf(databaseKey, sealed.subspan(checksumSize)))
    return std::nullopt;
  if (sealed[checksumSize] != recordVersion) return std::nullopt;
  Record record;
  record.expires = getLittle<std::uint64_t>(sealed.data() + checksumSize + 1);
  record.value = sealed.subspan(headSize);
  if (!isDigestName(databaseKey)) return record;
  const auto longKey = peekLongKey(sealed);
  if (!longKey) return std::nullopt;
  record.longKey = *longKey;
  record.value = record.value.subspan(lengthSize + longKey->size());
  return record;
}

std::optional<std::string_view> peekLongKey(Bytes sealed) noexcept {
  if (sealed.size() < headSize + lengthSize) return std::nullopt;
  const auto size = getLittle<std::uint32_t>(sealed.data() + headSize);
  if (sealed.size() - headSize - lengthSize < size) return std::nullopt;
  return std::string_view(reinterpret_cast<const char*>(sealed.data() + headSize + lengthSize),
                          size);
}

std::string_view keyIn(Bytes databaseKey, const Record& record) noexcept {
  if (isDigestName(databaseKey)) return record.longKey;
  const Bytes key = databaseKey.subspan(std::min(kindSize + numberSize + 1, databaseKey.size()));
  return {reinterpret_cast<const char*>(key.data()), key.size()};
}

std::optional<ExpiryTime> peekExpiry(Bytes sealed) noexcept {
  if (sealed.size() < headSize) return std::nullopt;
  return getLittle<std::uint64_t>(sealed.data() + checksumSize + 1);
}

std::array<std::byte, identitySize> encodeIdentity(const Identity& identity) noexcept {
  std::array<std::byte, identitySize> bytes{};
  std::memcpy(bytes.data(), magic.data(), magic.size());
  putLittle(bytes.data() + 16, identity.format);
  putLittle(bytes.data() + 20, identity.seed);
  putLittle(bytes.data() + 28, identity.created);
  return bytes;
}

std::optional<Identity> decodeIdentity(Bytes value) noexcept {
  if (value.size() < identitySize || std::memcmp(value.data(), magic.data(), magic.size()) != 0)
    return std::nullopt;
  Identity identity;
  identity.format = getLittle<std::uint32_t>(value.data() + 16);
  identity.seed = getLittle<std::uint64_t>(value.data() + 20);
  identity.created = getLittle<std::uint64_t>(value.data() + 28);
  return identity;
}

std::array<std::byte, 8> encodeNumber(std::uint64_t number) noexcept {
  std::array<std::byte, 8> bytes{};
  putLittle(bytes.data(), number);
  return bytes;
}

std::optional<std::uint64_t> decodeNumber(Bytes value) noexcept {
  if (value.size() != 8) return std::nullopt;
  return getLittle<std::uint64_t>(value.data());
}

}  // namespace persistance::backing::lmdb
