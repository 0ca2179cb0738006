#include "ws/server_handshake.h"

#include <algorithm>

#include "base/base64.h"
#include "http/body_decoder.h"
#include "http/field_syntax.h"
#include "http/request_target.h"
#include "ws/handshake_fields.h"

namespace wscope::ws {
namespace {

using MaybeRefusal = std::optional<Refusal>;

bool has_handshake_field(const http::Headers& headers) {
  return std::any_of(headers.begin(), headers.end(),
                     [](const http::Field& field) { return http::begins_ignoring_case(field.name, "Sec-WebSocket-"); });
}

Refusal bad_request(std::string detail) { return {400, std::move(detail), {}}; }

Refusal upgrade_required(std::string detail) {
  return {426, std::move(detail), {{"Upgrade", "websocket"}, {"Connection", "Upgrade"}}};
}

MaybeRefusal check_method(const http::RequestHead& request) {
  if (request.method != "GET") return Refusal{405, "the method must be GET", {{"Allow", "GET"}}};
  return std::nullopt;
}

bool names_one_host(const http::RequestHead& request) {
  const std::size_t hosts = request.headers.count("Host");
  // RFC 9112 section 3.2: HTTP/1.0 could do without, and in HTTP/2 (of which we get no more than the preface) it is
  // none.
  const bool may_lack =
      (request.version == http::Version{1, 0} || request.version.major != 1) && !asks_for_upgrade(request);
  return hosts == 1 || (hosts == 0 && may_lack);
}

// RFC 9112 section 3.2 with RFC 3986 section 3.2.2: which bytes a host and a port are made of. Which names there are is
// not looked at here; an empty one is that of a target without any.
bool is_host_value(std::string_view value) {
  return std::all_of(value.begin(), value.end(), [](char c) {
    const bool is_alphanumeric = (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
    return is_alphanumeric || std::string_view("-._~!$&'()*+,;=%[]:").find(c) != std::string_view::npos;
  });
}

// A later HTTP/1 means no less (RFC 9110 section 2.5).
bool is_http_1_1(const http::Version& version) noexcept { return version.major == 1 && version.minor >= 1; }

/// What every request must be, whatever it asks for.
MaybeRefusal check_form(const http::RequestHead& request) {
  const http::Headers& headers = request.headers;
  if (!names_one_host(request)) return bad_request("not exactly one Host header");
  const std::string* const host = headers.find("Host");
  if (host != nullptr && !is_host_value(*host)) return bad_request("invalid Host header");
  const bool gets = request.method == "GET" || request.method == "HEAD";
  if (gets && !http::split_target(request.target)) return bad_request("the target is neither a path nor a URL");
  const auto has_body = http::has_request_body(headers);
  if (!has_body) return bad_request(has_body.error().message);
  if (gets && *has_body) return bad_request("the request must not have a body");
  return std::nullopt;
}

MaybeRefusal check_upgrade(const http::Headers& headers) {
  // Each is said, as who reads it has to configure a proxy: some pass on neither unless told to (RFC 9110 section 7.6.1
  // wants that of every proxy that does not know the upgrade).
  std::string lacks;
  const auto lack = [&lacks](std::string_view what) { lacks.append(lacks.empty() ? "" : " and ").append(what); };
  if (const auto value = headers.joined("Upgrade")) {
    const auto protocols = http::parse_upgrade_list(*value);
    if (!protocols) return bad_request("invalid Upgrade header: " + protocols.error().message);
    if (!http::list_contains(*protocols, "websocket")) lack("\"websocket\" in the Upgrade header");
  } else {
    lack("an Upgrade header");
  }
  if (const auto value = headers.joined("Connection")) {
    const auto options = http::parse_token_list(*value);
    if (!options) return bad_request("invalid Connection header: " + options.error().message);
    if (!http::list_contains(*options, "upgrade")) lack("\"upgrade\" in the Connection header");
  } else {
    lack("a Connection header");
  }
  if (lacks.empty()) return std::nullopt;
  // Only who has come with half a handshake has lost the other half on the way.
  const bool half = has_handshake_field(headers);
  return upgrade_required("this is a WebSocket endpoint, and the request lacks " + lacks +
                          (half ? ": a proxy on the way may have dropped what it was not told to pass on" : ""));
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

/// Of a request that asks for no upgrade.
Refusal refuse_plain(const http::RequestHead& request) {
  if (request.version.major != 1) return Refusal{505, "the request must be HTTP/1.1", {}};
  if (request.method != "HEAD") {
    if (auto refusal = check_method(request)) return std::move(*refusal);
  }
  return upgrade_required("this is a WebSocket endpoint, and the request asks for no upgrade");
}

bool contains(const std::vector<std::string>& list, const std::string& element) {
  return std::find(list.begin(), list.end(), element) != list.end();
}

}  // namespace

bool asks_for_upgrade(const http::RequestHead& request) {
  return request.headers.contains("Upgrade") || has_handshake_field(request.headers);
}

bool may_be_visit(const http::RequestHead& request) {
  if (has_handshake_field(request.headers)) return false;
  const auto value = request.headers.joined("Upgrade");
  if (!value) return true;
  const auto protocols = http::parse_upgrade_list(*value);
  return protocols && !http::list_contains(*protocols, "websocket");
}

std::optional<Refusal> check_request(const http::RequestHead& request, UpgradeRequest& into) {
  const http::Headers& headers = request.headers;
  if (auto refusal = check_form(request)) return refusal;
  if (!asks_for_upgrade(request)) return refuse_plain(request);
  if (auto refusal = check_upgrade(headers)) return refusal;
  if (!is_http_1_1(request.version)) return Refusal{505, "the request must be HTTP/1.1", {}};
  if (auto refusal = check_version(headers)) return refusal;
  if (auto refusal = check_key(headers, into.key)) return refusal;
  if (headers.count("Origin") > 1) return bad_request("more than one Origin header");
  if (auto refusal = read_offers(headers, into)) return refusal;
  return check_method(request);
}

bool leaves_connection_open(const http::RequestHead& request) {
  if (!is_http_1_1(request.version)) return false;
  const auto value = request.headers.joined("Connection");
  if (!value || value->empty()) return true;
  const auto options = http::parse_token_list(*value);
  return options && !http::list_contains(*options, "close");
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
                                 const AcceptOptions& options) {
  http::ResponseHead response{101, std::string(http::reason_phrase(101)), {}, {}};
  const auto add = [&](std::string_view name, const std::string& value) {
    if (is_made(name, options.headers, options.left_out)) response.headers.add(std::string(name), value);
  };
  add("Upgrade", "websocket");
  add("Connection", "Upgrade");
  add("Sec-WebSocket-Accept", accept_value(upgrade.key));
  if (!agreement.subprotocol.empty()) add("Sec-WebSocket-Protocol", agreement.subprotocol);
  if (!agreement.extensions.elements.empty()) {
    add("Sec-WebSocket-Extensions", write_extensions(agreement.extensions.elements));
  }
  for (const http::Field& field : options.headers) add_given(response.headers, field);
  return response;
}

}  // namespace wscope::ws
