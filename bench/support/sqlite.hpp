#pragma once
/// SQLite as careful as the library is.

#include <sqlite3.h>

#include "support/record.hpp"

namespace persistance::bench {

/// SQLite as careful as we are: WAL, synchronous=FULL, prepared statements.
class Sqlite {
 public:
  Sqlite() {
    check(sqlite3_open((directory() / "sqlite").c_str(), &db_) == SQLITE_OK, "sqlite3_open");
    run("PRAGMA journal_mode=WAL");
    run("PRAGMA synchronous=FULL");
    run("CREATE TABLE users (key TEXT PRIMARY KEY, value BLOB) WITHOUT ROWID");
    get_ = prepare("SELECT value FROM users WHERE key = ?");
    set_ = prepare("INSERT OR REPLACE INTO users VALUES (?, ?)");
    run("BEGIN");
    for (std::size_t i = 0; i < count; ++i) set(keys()[i], encoded(i));
    run("COMMIT");
  }
  std::optional<User> get(const std::string& key) const {
    std::optional<User> user;
    sqlite3_bind_text(get_, 1, key.data(), static_cast<int>(key.size()), SQLITE_STATIC);
    if (sqlite3_step(get_) == SQLITE_ROW) {
      const auto* bytes = static_cast<const std::byte*>(sqlite3_column_blob(get_, 0));
      const auto size = static_cast<std::size_t>(sqlite3_column_bytes(get_, 0));
      check(decode({bytes, size}, user.emplace()), "decode");
    }
    sqlite3_reset(get_);
    return user;
  }
  void set(const std::string& key, const Unknown& value) const {
    sqlite3_bind_text(set_, 1, key.data(), static_cast<int>(key.size()), SQLITE_STATIC);
    sqlite3_bind_blob(set_, 2, value.bytes().data(), static_cast<int>(value.bytes().size()),
                      SQLITE_STATIC);
    check(sqlite3_step(set_) == SQLITE_DONE, "sqlite3_step");
    sqlite3_reset(set_);
  }

 private:
  void run(const char* sql) const {
    check(sqlite3_exec(db_, sql, nullptr, nullptr, nullptr) == SQLITE_OK, sql);
  }
  sqlite3_stmt* prepare(const char* sql) const {
    sqlite3_stmt* statement = nullptr;
    check(sqlite3_prepare_v2(db_, sql, -1, &statement, nullptr) == SQLITE_OK, sql);
    return statement;
  }
  sqlite3* db_ = nullptr;
  sqlite3_stmt* get_ = nullptr;
  sqlite3_stmt* set_ = nullptr;
};

}  // namespace persistance::bench
