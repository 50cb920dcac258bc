#include <persistance/layer/mock.hpp>

namespace persistance::layer {

Unimplemented::Unimplemented(std::string_view service, std::string_view member)
    : std::logic_error("persistance::layer: the mock of " + std::string(service) + " has no " +
                       std::string(member)),
      service_(service),
      member_(member) {}

}  // namespace persistance::layer
