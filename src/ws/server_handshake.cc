#include "ws/server_handshake.h"

#include <algorithm>

#include "base/base64.h"
#include "http/field_syntax.h"

namespace wscope::ws {
namespace {

using MaybeRefusal = std::optional<Refusal>;

Refusal bad_request(std::string detail) { return {400, std::move(detail), {}}; }

Refusal upgrade_required(std::string detail) {
  return {426, std::move(detail), {{"Upgrade", "websocket"}, {"Connection", "Upgrade"}}};
}

MaybeRefusal check_start_line(const http::RequestHead& request) {
  if (request.method != "GET") return Refusal{405, "the method must be GET", {{"Allow", "GET"}}};
  if (request.version != http::Version{1, 1}) return Refusal{505, "the request must be HTTP/1.1", {}};
  return std::nullopt;
}

MaybeRefusal check_body(const http::Headers& headers) {
  const auto length = headers.joined("Content-Length");
  if (headers.contains("Transfer-Encoding") || (length && *length != "0")) {
    return bad_request("the request must not have a body");
  }
  return std::nullopt;
}

MaybeRefusal check_upgrade(const http::Headers& headers) {
  const auto connection = headers.joined("Connection");
  if (!connection) return upgrade_required("this is a WebSocket endpoint: no Connection header");
  const auto options = http::parse_token_list(*connection);
  if (!options) return bad_request("invalid Connection header: " + options.error().message);
  if (!http::list_contains(*options, "upgrade")) {
    return upgrade_required("this is a WebSocket endpoint: the Connection header lacks \"upgrade\"");
  }
  const auto upgrade = headers.joined("Upgrade");
  if (!upgrade) return upgrade_required("this is a WebSocket endpoint: no Upgrade header");
  const auto protocols = http::parse_upgrade_list(*upgrade);
  if (!protocols) return bad_request("invalid Upgrade header: " + protocols.error().message);
  if (!http::list_contains(*protocols, "websocket")) {
    return upgrade_required("this is a WebSocket endpoint: the Upgrade header lacks \"websocket\"");
  }
  return std::nullopt;
}

MaybeRefusal check_key(const http::Headers& headers, std::string& key) {
  if (headers.count("Sec-WebSocket-Key") != 1) return bad_request("not exactly one Sec-WebSocket-Key header");
  key = *headers.find("Sec-WebSocket-Key");
  const auto nonce = base::base64_decode(key);
  if (!nonce || nonce->size() != 16) return bad_request("the Sec-WebSocket-Key header is not 16 bytes in base64");
  return std::nullopt;
}

MaybeRefusal check_version(const http::Headers& headers) {
  const auto value = headers.joined("Sec-WebSocket-Version");
  if (value && *value == "13") return std::nullopt;
  Refusal refusal;
  refusal.status = value && !value->empty() ? 426 : 400;
  refusal.detail = value ? "the Sec-WebSocket-Version must be 13" : "no Sec-WebSocket-Version header";
  if (refusal.status == 426) refusal.headers = {{"Upgrade", "websocket"}, {"Connection", "Upgrade"}};
  refusal.headers.add("Sec-WebSocket-Version", "13");
  return refusal;
}

MaybeRefusal read_offers(const http::Headers& headers, UpgradeRequest& into) {
  if (const auto value = headers.joined("Sec-WebSocket-Protocol")) {
    auto offered = http::parse_token_list(*value);
    if (!offered) return bad_request("invalid Sec-WebSocket-Protocol header: " + offered.error().message);
    into.subprotocols = std::move(*offered);
  }
  if (const auto value = headers.joined("Sec-WebSocket-Extensions"); value && !value->empty()) {
    auto offered = parse_extensions(*value);
    if (!offered) return bad_request("invalid Sec-WebSocket-Extensions header: " + offered.error().message);
    into.extensions = std::move(*offered);
  }
  return std::nullopt;
}

bool contains(const std::vector<std::string>& list, const std::string& element) {
  return std::find(list.begin(), list.end(), element) != list.end();
}

}  // namespace

std::optional<Refusal> check_request(const http::RequestHead& request, UpgradeRequest& into) {
  const http::Headers& headers = request.headers;
  if (auto refusal = check_start_line(request)) return refusal;
  if (headers.count("Host") != 1) return bad_request("not exactly one Host header");
  if (auto refusal = check_body(headers)) return refusal;
  if (auto refusal = check_upgrade(headers)) return refusal;
  if (auto refusal = check_version(headers)) return refusal;
  if (auto refusal = check_key(headers, into.key)) return refusal;
  if (headers.count("Origin") > 1) return bad_request("more than one Origin header");
  return read_offers(headers, into);
}

std::optional<Refusal> check_policy(const http::RequestHead& request, const UpgradeRequest& upgrade,
                                    const AcceptOptions& options) {
  if (!options.origins.empty()) {
    const std::string* origin = request.headers.find("Origin");
    const bool allowed = origin != nullptr ? contains(options.origins, *origin) : options.origin_may_be_missing;
    if (!allowed) return Refusal{403, "this origin is not allowed", {}};
  }
  if (options.subprotocol_required && !options.subprotocols.empty() &&
      select_subprotocol(options.subprotocols, upgrade.subprotocols).empty()) {
    return bad_request("none of the server's subprotocols is offered");
  }
  return std::nullopt;
}

std::string select_subprotocol(const std::vector<std::string>& supported, const std::vector<std::string>& offered) {
  const auto chosen =
      std::find_if(supported.begin(), supported.end(), [&](const std::string& own) { return contains(offered, own); });
  return chosen == supported.end() ? std::string() : *chosen;
}

http::ResponseHead make_response(const UpgradeRequest& upgrade, const Agreement& agreement,
                                 const http::Headers& headers) {
  http::ResponseHead response{101, std::string(http::reason_phrase(101)), {}, {}};
  response.headers.add("Upgrade", "websocket");
  response.headers.add("Connection", "Upgrade");
  response.headers.add("Sec-WebSocket-Accept", accept_value(upgrade.key));
  if (!agreement.subprotocol.empty()) response.headers.add("Sec-WebSocket-Protocol", agreement.subprotocol);
  if (!agreement.extensions.elements.empty()) {
    response.headers.add("Sec-WebSocket-Extensions", write_extensions(agreement.extensions.elements));
  }
  response.headers.add_all(headers);
  return response;
}

}  // namespace wscope::ws
