#include "response.hpp"

#include <persistance/asio.hpp>
#include <persistance/error.hpp>

namespace profile_server {
namespace {

Response unprocessable(const std::vector<persistance::schema::Issue>& issues) {
  Response response =
      refusal(restinio::status_unprocessable_entity(), "the profile does not fit its schema");
  for (const auto& [path, expected, actual] : issues) {
    response.body["issues"].push_back({{"path", path}, {"expected", expected}, {"actual", actual}});
  }
  return response;
}

}  // namespace

Response refusal(restinio::http_status_line_t status, const std::string& sentence) {
  return Response(std::move(status), {{"error", sentence}});
}

Response responseTo(const std::exception_ptr& error) {
  try {
    std::rethrow_exception(error);
  } catch (const BadRequest& e) {
    return refusal(restinio::status_bad_request(), e.what());
  } catch (const nlohmann::json::exception&) {
    return refusal(restinio::status_bad_request(), "the body is not JSON");
  } catch (const persistance::PersistanceSchemaError& e) {
    // Of a body ("encode", "decode") the sender is told everything. Of a store ("get") it means
    // that a stored profile no longer fits, which the sender can do nothing about.
    if (e.method() == "encode" || e.method() == "decode") return unprocessable(e.errors());
    return refusal(restinio::status_internal_server_error(), e.what());
  } catch (const persistance::PersistanceBackingError& e) {
    return refusal(restinio::status_service_unavailable(), e.what());
  } catch (const std::exception& e) {
    const auto* system = dynamic_cast<const std::system_error*>(&e);
    if (system != nullptr && system->code() == asio::error::operation_aborted)
      return refusal(restinio::status_service_unavailable(), "the server is stopping");
    return refusal(restinio::status_internal_server_error(), e.what());
  }
}

}  // namespace profile_server
