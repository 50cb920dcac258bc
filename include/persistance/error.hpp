#pragma once
/// @file
/// The errors of every store. An operation fails with a PersistanceSchemaError, a
/// PersistanceBackingError, Asio's `operation_aborted` where it was cancelled, or `std::bad_alloc`;
/// with nothing else.

#include <exception>
#include <stdexcept>
#include <string>
#include <string_view>
#include <system_error>
#include <vector>

#include <persistance/schema/issue.hpp>

namespace persistance {

/// Why a backing could not do what it was asked to.
enum class BackingErrc {
  unavailable = 1,  ///< The store cannot be reached; the operation was not applied.
  timeout,          ///< The deadline passed; the operation was not applied.
  overloaded,       ///< The queue in front of the store is full; the operation was not applied.
  unknownOutcome,   ///< Sent and not answered: it may or may not have been applied.
  authFailed,       ///< The credentials, a permission or the server's certificate was refused.
  protocol,         ///< An unexpected reply.
  wrongType,        ///< The key holds something that this library did not write.
  outOfMemory,      ///< The store has no memory left for the value; the old value stays.
  readOnly,         ///< The store takes no writes.
  full,             ///< The disk or the configured size is used up; the old value stays.
  io,               ///< The operating system failed a read or a write.
  corrupt,          ///< The stored bytes are not what was written.
  /// The layer that made the store is closed; or this is the child of a fork, and its parent opened
  /// the store; or the handle is empty: it was never given a store.
  closed,
  tooLarge,       ///< The key or the value is over its limit.
  alreadyOpen,    ///< The same store is open in this process already.
  redirectLimit,  ///< The cluster redirected the operation too many times.
  unsupported,    ///< The object behind the store has no such operation.
  alreadyExists,  ///< The store that was to be created is there already.
};

/// The category of BackingErrc, `"persistance"`.
[[nodiscard]] const std::error_category& backingCategory() noexcept;
[[nodiscard]] std::error_code make_error_code(BackingErrc code) noexcept;

/// The base of both errors: catching it catches every failure of a store.
class PersistanceError : public std::runtime_error {
 public:
  /// The operation that failed: "get" "getMany" "set" "setMany" "remove" "clear", "setIfAbsent" "update"
  /// "find" "keys" "removeMany"; "make" where a layer or a store could not be made, "verify", "close";
  /// "encode" and "decode" where a schema was used without a store.
  [[nodiscard]] const std::string& method() const noexcept { return method_; }

  /// The key of the operation; empty where it has no single key.
  [[nodiscard]] const std::string& key() const noexcept { return key_; }

 protected:
  PersistanceError(std::string method, std::string key, const std::string& what);

 private:
  std::string method_;
  std::string key_;
};

/// The value does not fit its schema.
class PersistanceSchemaError : public PersistanceError {
 public:
  PersistanceSchemaError(std::string method, std::string key, std::vector<schema::Issue> errors);

  /// All that is wrong with the value, not only the first issue; never empty.
  [[nodiscard]] const std::vector<schema::Issue>& errors() const noexcept { return errors_; }

 private:
  std::vector<schema::Issue> errors_;
};

/// The backing failed.
class PersistanceBackingError : public PersistanceError {
 public:
  PersistanceBackingError(std::string method, std::string key, std::error_code code,
                          const std::string& detail, std::exception_ptr error = nullptr);

  /// A BackingErrc in backingCategory().
  [[nodiscard]] std::error_code code() const noexcept { return code_; }

  /// The exception that caused it, for std::rethrow_exception(); may be null.
  [[nodiscard]] std::exception_ptr error() const noexcept { return error_; }

 private:
  std::error_code code_;
  std::exception_ptr error_;
};

}  // namespace persistance

template <>
struct std::is_error_code_enum<persistance::BackingErrc> : std::true_type {};
