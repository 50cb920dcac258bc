#include "backing.hpp"

#include "options.hpp"

#if PROFILE_SERVER_LMDB
#include <persistance/backing/lmdb.hpp>
#define LMDB_NAME ", lmdb:DIR"
#else
#define LMDB_NAME ""
#endif
#if PROFILE_SERVER_REDIS
#include <persistance/backing/redis.hpp>
#define REDIS_NAME ", redis:URL"
#else
#define REDIS_NAME ""
#endif

namespace profile_server {

const char* const backingNames = "memory" LMDB_NAME REDIS_NAME;

Backing chooseBacking(const std::string& name) {
  const std::size_t colon = name.find(':');
  const std::string kind = name.substr(0, colon);
  const std::string where = colon == name.npos ? "" : name.substr(colon + 1);
  if (name == "memory") return persistance::layerMemory;
#if PROFILE_SERVER_LMDB
  if (kind == "lmdb" && !where.empty()) {
    return persistance::layerLmdb(persistance::LmdbOptions(where));
  }
#endif
#if PROFILE_SERVER_REDIS
  if (kind == "redis" && !where.empty()) {
    const bool isUrl = where.starts_with("//");  // redis://host is short for redis:redis://host
    return persistance::layerRedis(isUrl ? name : where);
  }
#endif
  throw WrongOptions("--backing takes one of " + std::string(backingNames) + ", not \"" + name +
                     "\"");
}

}  // namespace profile_server
