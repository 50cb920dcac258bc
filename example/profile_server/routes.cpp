#include "routes.hpp"

#include <restinio/router/easy_parser_router.hpp>
#include <restinio/uri_helpers.hpp>

namespace profile_server {
namespace {

using nlohmann::json;

constexpr std::size_t maxBody = std::size_t{64} * 1024;
constexpr std::size_t maxIds = 100;
constexpr const char* notEncoded = "the address is not percent-encoded UTF-8";

json toJson(const Profile& profile) { return Profile::schema().encode(profile).json(); }

/// The id in a path, percent-decoded.
std::string idIn(std::string path) {
  // RESTinio decodes a '+' as the blank that it is in a form; in a path it is a plus.
  for (std::size_t at = path.find('+'); at != path.npos; at = path.find('+', at)) {
    path.replace(at, 1, "%2B");
  }
  using Plain = restinio::utils::relaxed_unescape_traits;
  auto id = restinio::utils::try_unescape_percent_encoding<Plain>(path);
  if (!id) throw BadRequest(notEncoded);
  return *std::move(id);
}

/// The ids in a query, `id=a&id=b`.
std::vector<std::string> idsIn(const std::string& query) {
  const auto parameters = restinio::try_parse_query<restinio::parse_query_traits::relaxed>(query);
  if (!parameters) throw BadRequest(notEncoded);
  std::vector<std::string> ids;
  for (const auto& [name, value] : *parameters) {
    if (name == "id") ids.emplace_back(value);
  }
  if (ids.size() > maxIds) throw BadRequest("at most 100 ids in one request");
  return ids;
}

asio::awaitable<Response> getProfile(const Profiles& profiles, std::string path) {
  const std::optional<Profile> profile = co_await profiles.find(idIn(std::move(path)));
  if (!profile) co_return refusal(restinio::status_not_found(), "no such profile");
  co_return Response(restinio::status_ok(), toJson(*profile));
}

asio::awaitable<Response> getProfiles(const Profiles& profiles, std::string query) {
  const auto found = co_await profiles.findMany(idsIn(query));
  json answer = json::array();
  for (const std::optional<Profile>& profile : found) {
    answer.push_back(profile ? toJson(*profile) : json());
  }
  co_return Response(restinio::status_ok(), std::move(answer));
}

asio::awaitable<Response> putProfile(const Profiles& profiles, std::string path, std::string body) {
  if (body.size() > maxBody) {
    co_return refusal(restinio::status_payload_too_large(), "a profile has at most 64 KiB");
  }
  std::string id = idIn(std::move(path));
  const Profile profile = Profile::schema().decode(persistance::Unknown(json::parse(body)));
  co_await profiles.save(std::move(id), profile);
  co_return Response(restinio::status_ok(), toJson(profile));
}

asio::awaitable<Response> deleteProfile(const Profiles& profiles, std::string path) {
  co_await profiles.erase(idIn(std::move(path)));
  co_return Response(restinio::status_no_content());
}

using Request = restinio::request_handle_t;
using Router = restinio::router::easy_parser_router_t;

std::shared_ptr<Router> router(std::shared_ptr<Requests> requests, const Profiles& profiles) {
  namespace r = restinio;
  namespace epr = r::router::easy_parser_router;
  const auto many = [] { return epr::path_to_params("/profiles"); };
  const auto one = [] { return epr::path_to_params("/profiles/", epr::path_fragment_p()); };
  const auto get = [] {
    return r::router::any_of_methods(r::http_method_get(), r::http_method_head());
  };
  const auto anything = [] { return r::router::none_of_methods(r::http_method_unknown()); };
  const auto notAllowed = [requests](const Request& request, const char* methods) {
    Response response = refusal(r::status_method_not_allowed(), "there is no such method here");
    response.allow = methods;
    return requests->answer(*request, response);
  };

  auto router = std::make_shared<Router>();
  router->add_handler(get(), many(), [=, &profiles](const Request& request) {
    return requests->run(request, getProfiles(profiles, std::string(request->header().query())));
  });
  router->add_handler(get(), one(), [=, &profiles](const Request& request, std::string id) {
    return requests->run(request, getProfile(profiles, std::move(id)));
  });
  router->http_put(one(), [=, &profiles](const Request& request, std::string id) {
    return requests->run(request, putProfile(profiles, std::move(id), request->body()));
  });
  router->http_delete(one(), [=, &profiles](const Request& request, std::string id) {
    return requests->run(request, deleteProfile(profiles, std::move(id)));
  });
  router->add_handler(anything(), many(),
                      [=](const Request& request) { return notAllowed(request, "GET, HEAD"); });
  router->add_handler(anything(), one(), [=](const Request& request, const std::string&) {
    return notAllowed(request, "GET, HEAD, PUT, DELETE");
  });
  router->non_matched_request_handler([requests](const Request& request) {
    return requests->answer(*request, refusal(r::status_not_found(), "no such page"));
  });
  return router;
}

}  // namespace

restinio::default_request_handler_t routes(std::shared_ptr<Requests> requests,
                                           const Profiles& profiles) {
  return [requests, router = router(requests, profiles)](const Request& request) {
    try {
      return (*router)(request);
    } catch (const restinio::exception_t&) {  // of a path that is not percent-encoded UTF-8
      return requests->answer(*request, refusal(restinio::status_bad_request(), notEncoded));
    }
  };
}

}  // namespace profile_server
