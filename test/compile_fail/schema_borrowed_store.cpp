// expect: persistance: this type borrows what it points to
// expect: basic_string_view
#include <persistance/persistance.hpp>

namespace schema = persistance::schema;

persistance::asio::awaitable<void> open(persistance::SchemaPersistance& stores) {
  (void)co_await stores.make<std::string_view>("texts");
}
