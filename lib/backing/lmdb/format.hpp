#pragma once
/// @file
/// The stored bytes, format 2. Numbers inside a database key are big-endian, so that they sort;
/// numbers inside a value are little-endian. What is written here is never renumbered.
///
/// `data.mdb` is an LMDB environment whose one (unnamed) database holds
///
///   0x01 "identity"        -> sealed(magic format seed created)
///   0x01 "next"            -> sealed(number)    the next store number to give out
///   0x02 number name       -> sealed(value)     the values; number says whose they are
///   0x02 0      name       -> sealed(number)    store 0 is the directory: storeId -> number
///   0x03 time number name  -> ""                one for each value that expires
///   0x04 number            -> sealed("")        a cleared store whose values are still there
///
///   name      = 0x00 bytes            the key as it is, up to 493 bytes
///             | 0x01 digest probe     a longer key: 16 bytes XXH3-128 of it, seeded with the seed,
///                                     and 2 bytes that tell keys of one digest apart
///   number    = 8 bytes               of a store; given out once, never again
///   time      = 8 bytes               milliseconds since 1970-01-01 UTC
///
///   sealed(v) = checksum version time [size key] v
///     checksum  8 bytes: XXH3-64 of all that follows it, seeded with XXH3-64 of the database key
///     version   1 byte: 1
///     time      8 bytes: when it is gone (a time <= now is gone); 0: never
///     size key  4 bytes and the whole key, where the name is a digest
///
///   magic     = "persistance lmdb"
///   format    = 4 bytes: 2
///   seed      = 8 random bytes; created = time
///
/// A store that is cleared gets a new number in the directory, and the old one goes to the garbage
/// (0x04): so clear is one small write, whole at once for whoever reads.
///
/// Format 1 differs in one thing: a garbage record's value was "". A file of format 1 is read as it
/// is; the first transaction that writes to it seals its garbage records and makes it format 2.

#include <lmdb.h>

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace persistance::backing::lmdb {

using Bytes = std::span<const std::byte>;

inline constexpr std::uint32_t formatNumber = 2;
inline constexpr std::uint32_t oldestFormat = 1;
inline constexpr std::uint32_t sealedGarbageFormat = 2;
inline constexpr std::size_t maxKeyInDatabase = 511;  // LMDB's
inline constexpr std::size_t kindSize = 1;
inline constexpr std::size_t timeSize = 8;
inline constexpr std::size_t numberSize = 8;
/// The longest key that is kept as it is: with a time in front of it, it still fits.
inline constexpr std::size_t maxWholeKey = maxKeyInDatabase - kindSize - timeSize - numberSize - 1;
inline constexpr std::uint64_t directoryNumber = 0;

/// What a database key begins with.
enum class Kind : std::uint8_t { meta = 1, value = 2, expiry = 3, garbage = 4 };

/// When a value is gone: milliseconds since 1970 UTC; 0 is never.
using ExpiryTime = std::uint64_t;
inline constexpr ExpiryTime never = 0;

/// `now` and a time to live make a moment; one that cannot be told is never.
[[nodiscard]] ExpiryTime expiryAfter(std::chrono::system_clock::time_point now,
                                     std::chrono::milliseconds timeToLive) noexcept;
[[nodiscard]] bool isGone(ExpiryTime time, std::chrono::system_clock::time_point now) noexcept;
/// What is left until a time that has not come, rounded up: a millisecond at least.
[[nodiscard]] std::chrono::milliseconds timeLeft(
    ExpiryTime time, std::chrono::system_clock::time_point now) noexcept;

/// A key of the database, built in place.
class DatabaseKey {
 public:
  explicit DatabaseKey(Kind kind) noexcept : size_(kindSize) {
    bytes_[0] = static_cast<std::byte>(kind);
  }
  /// A copy of one that is there.
  explicit DatabaseKey(Bytes bytes) noexcept { append(bytes); }

  DatabaseKey& number(std::uint64_t value) noexcept {
    std::array<std::byte, 8> big;
    for (std::size_t i = 0; i < 8; ++i) big[i] = static_cast<std::byte>(value >> (56 - 8 * i));
    return append(big);
  }
  DatabaseKey& append(Bytes bytes) noexcept {
    if (!bytes.empty()) std::memcpy(bytes_.data() + size_, bytes.data(), bytes.size());
    size_ += bytes.size();
    return *this;
  }

  [[nodiscard]] Bytes bytes() const noexcept { return {bytes_.data(), size_}; }
  [[nodiscard]] MDB_val value() noexcept { return {size_, bytes_.data()}; }

 private:
  std::size_t size_ = 0;
  std::array<std::byte, maxKeyInDatabase> bytes_;  // NOLINT: size_ says how many are set
};

[[nodiscard]] inline MDB_val asValue(Bytes bytes) noexcept {
  return {bytes.size(), const_cast<std::byte*>(bytes.data())};  // NOLINT: LMDB's C signature
}
[[nodiscard]] inline Bytes asBytes(const MDB_val& value) noexcept {
  return {static_cast<const std::byte*>(value.mv_data), value.mv_size};
}
[[nodiscard]] inline Bytes asBytes(std::string_view text) noexcept {
  return std::as_bytes(std::span(text));
}

struct Digest {
  std::uint64_t high = 0;
  std::uint64_t low = 0;
};
using DigestFunction = Digest (*)(std::string_view key, std::uint64_t seed);
[[nodiscard]] Digest xxh3Digest(std::string_view key, std::uint64_t seed);

[[nodiscard]] inline bool needsDigest(std::string_view key) noexcept {
  return key.size() > maxWholeKey;
}
/// The database key of a key that is kept as it is.
[[nodiscard]] inline DatabaseKey wholeName(std::uint64_t number, std::string_view key) noexcept {
  constexpr std::byte tag{0};
  DatabaseKey name(Kind::value);
  name.number(number).append({&tag, 1}).append(asBytes(key));
  return name;
}
/// How long the database key of a key is.
[[nodiscard]] std::size_t nameSize(std::string_view key) noexcept;
/// What the database keys of all keys of one digest begin with.
[[nodiscard]] DatabaseKey digestPrefix(std::uint64_t number, Digest digest) noexcept;
inline constexpr std::size_t probeSize = 2;
void appendProbe(DatabaseKey& prefix, std::uint16_t probe) noexcept;
[[nodiscard]] bool isDigestName(Bytes valueKey) noexcept;

/// What the keys of all values of a store begin with.
[[nodiscard]] DatabaseKey valuePrefix(std::uint64_t number) noexcept;
[[nodiscard]] DatabaseKey expiryKey(ExpiryTime time, Bytes valueKey) noexcept;
/// The value's key that an expiry key tells of; nullopt where it is none.
[[nodiscard]] std::optional<DatabaseKey> valueKeyOf(Bytes expiryKey) noexcept;
[[nodiscard]] DatabaseKey garbageKey(std::uint64_t number) noexcept;
[[nodiscard]] DatabaseKey metaKey(std::string_view name) noexcept;

/// The kind, and the number or time behind it, of a key; nullopt where it is none of ours.
struct KeyHead {
  Kind kind = Kind::meta;
  std::uint64_t number = 0;
};
[[nodiscard]] std::optional<KeyHead> headOf(Bytes databaseKey) noexcept;

/// What a sealed record says once its checksum is right.
struct Record {
  ExpiryTime expires = never;
  std::string_view longKey;  // where the name is a digest
  Bytes value;
};

/// The size of sealed(value) for `key`, which is needed only where its name is a digest.
[[nodiscard]] std::size_t sealedSize(std::string_view longKey, std::size_t value) noexcept;
/// Writes sealed(value) to `to`, which has room for sealedSize().
void seal(std::byte* to, Bytes databaseKey, ExpiryTime expires, std::string_view longKey,
          Bytes value) noexcept;
/// nullopt: these bytes are not what was written under this key.
[[nodiscard]] std::optional<Record> unseal(Bytes databaseKey, Bytes sealed) noexcept;
/// The key that a record belongs to; a long one is in the record.
[[nodiscard]] std::string_view keyIn(Bytes databaseKey, const Record& record) noexcept;
/// The expiry of a record, its checksum unseen; for finding its index entry again.
[[nodiscard]] std::optional<ExpiryTime> peekExpiry(Bytes sealed) noexcept;
/// The long key of a record, its checksum unseen; for finding the record that is to be repaired.
[[nodiscard]] std::optional<std::string_view> peekLongKey(Bytes sealed) noexcept;

/// Who the environment belongs to.
struct Identity {
  std::uint32_t format = formatNumber;
  std::uint64_t seed = 0;
  ExpiryTime created = 0;
};
inline constexpr std::size_t identitySize = 16 + 4 + 8 + 8;
[[nodiscard]] std::array<std::byte, identitySize> encodeIdentity(const Identity& identity) noexcept;
[[nodiscard]] std::optional<Identity> decodeIdentity(Bytes value) noexcept;
[[nodiscard]] std::array<std::byte, 8> encodeNumber(std::uint64_t number) noexcept;
[[nodiscard]] std::optional<std::uint64_t> decodeNumber(Bytes value) noexcept;

}  // namespace persistance::backing::lmdb
