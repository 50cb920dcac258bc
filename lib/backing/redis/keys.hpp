#pragma once
/// @file
/// The keys of a store, page by page.

#include <persistance/key_query.hpp>

#include "backing/redis/client.hpp"

namespace persistance::backing::redis {

/// Puts some of the keys whose names begin with `names` into `page`, within the deadline of an
/// operation.
/// @par Errors  Failure: `protocol` where the query goes on after what is no KeyPage::next.
[[nodiscard]] asio::awaitable<void> keys(std::shared_ptr<Client> client, std::string names,
                                         const KeyQuery& query, KeyPage& page);

}  // namespace persistance::backing::redis
