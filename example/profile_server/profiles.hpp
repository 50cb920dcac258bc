#pragma once
/// @file
/// The profiles of all users: what the rest of the server sees of the store.

#include <optional>
#include <string>
#include <vector>

#include <persistance/persistance.hpp>

#include "profile.hpp"

namespace profile_server {

namespace asio = persistance::asio;
namespace layer = persistance::layer;

class Profiles {
 public:
  static constexpr layer::TypeId typeId{"@profile-server/Profiles"};

  explicit Profiles(persistance::Persistance<Profile> store) : store_(std::move(store)) {}

  [[nodiscard]] asio::awaitable<std::optional<Profile>> find(std::string id) const {
    return store_.get(std::move(id));
  }
  [[nodiscard]] asio::awaitable<std::vector<std::optional<Profile>>> findMany(
      std::vector<std::string> ids) const {
    return store_.getMany(std::move(ids));
  }
  [[nodiscard]] asio::awaitable<void> save(std::string id, const Profile& profile) const {
    return store_.set(std::move(id), profile);
  }
  [[nodiscard]] asio::awaitable<void> erase(std::string id) const {
    return store_.remove(std::move(id));
  }

 private:
  persistance::Persistance<Profile> store_;
};

/// Needs the stores, whichever backing they have.
inline const auto profilesLayer = layer::effect<Profiles>(
    [](persistance::SchemaPersistance& stores) -> asio::awaitable<std::shared_ptr<Profiles>> {
      auto store = co_await stores.make<Profile>("profiles");
      co_return std::make_shared<Profiles>(std::move(store));
    });

}  // namespace profile_server
