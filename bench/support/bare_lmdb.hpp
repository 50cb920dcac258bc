#pragma once
/// LMDB as one would use it by hand.

#include <lmdb.h>

#include "support/record.hpp"

namespace persistance::bench {

/// LMDB with nothing around it.
class BareLmdb {
 public:
  BareLmdb(const char* name, std::size_t records) {
    const auto path = directory() / name;
    std::filesystem::create_directory(path);
    check(mdb_env_create(&env_) == 0, "mdb_env_create");
    mdb_env_set_mapsize(env_, std::size_t{1} << 30);
    check(mdb_env_open(env_, path.c_str(), MDB_NOTLS, 0666) == 0, "mdb_env_open");
    MDB_txn* txn = begin(0);
    check(mdb_dbi_open(txn, nullptr, 0, &dbi_) == 0, "mdb_dbi_open");
    for (std::size_t i = 0; i < records; ++i) put(txn, "user:" + std::to_string(i), encoded(i));
    check(mdb_txn_commit(txn) == 0, "mdb_txn_commit");
  }

  MDB_txn* begin(unsigned flags) const {
    MDB_txn* txn = nullptr;
    check(mdb_txn_begin(env_, nullptr, flags, &txn) == 0, "mdb_txn_begin");
    return txn;
  }
  void put(MDB_txn* txn, const std::string& key, const Unknown& value) const {
    MDB_val k{key.size(), const_cast<char*>(key.data())};
    MDB_val v{value.bytes().size(), const_cast<std::byte*>(value.bytes().data())};
    check(mdb_put(txn, dbi_, &k, &v, 0) == 0, "mdb_put");
  }
  std::optional<User> get(MDB_txn* txn, const std::string& key) const {
    MDB_val k{key.size(), const_cast<char*>(key.data())};
    MDB_val v{};
    if (mdb_get(txn, dbi_, &k, &v) != 0) return std::nullopt;
    std::optional<User> user(std::in_place);
    check(decode({static_cast<const std::byte*>(v.mv_data), v.mv_size}, *user), "decode");
    return user;
  }

 private:
  MDB_env* env_ = nullptr;
  MDB_dbi dbi_ = 0;
};

}  // namespace persistance::bench
