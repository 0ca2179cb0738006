#include "ws/client_handshake.h"

#include <algorithm>
#include <array>
#include <iterator>

#include "base/base64.h"
#include "base/sha1.h"
#include "http/field_syntax.h"
#include "ws/handshake_fields.h"

namespace wscope::ws {
namespace {

base::Error invalid(std::string what) { return {base::ErrorKind::http, std::move(what)}; }

std::string join(const std::vector<std::string>& elements) {
  std::string text;
  for (const std::string& element : elements) text += (text.empty() ? "" : ", ") + element;
  return text;
}

base::Result<void> check_upgrade(const http::Headers& headers) {
  const auto connection = headers.joined("Connection");
  if (!connection) return invalid("no Connection header");
  const auto options = http::parse_token_list(*connection);
  if (!options) return invalid("invalid Connection header: " + options.error().message);
  if (!http::list_contains(*options, "upgrade")) return invalid("the Connection header lacks \"upgrade\"");
  const auto upgrade = headers.joined("Upgrade");
  if (!upgrade) return invalid("no Upgrade header");
  const auto protocols = http::parse_upgrade_list(*upgrade);
  if (!protocols) return invalid("invalid Upgrade header: " + protocols.error().message);
  if (protocols->size() != 1 || !http::list_contains(*protocols, "websocket")) {
    return invalid("the Upgrade header is not \"websocket\"");
  }
  return {};
}

base::Result<void> check_accept(const http::Headers& headers, const http::Headers& request) {
  const std::string* sent = request.find("Sec-WebSocket-Key");
  const std::string key = sent == nullptr ? std::string() : *sent;
  if (headers.count("Sec-WebSocket-Accept") != 1) return invalid("not exactly one Sec-WebSocket-Accept header");
  if (*headers.find("Sec-WebSocket-Accept") != accept_value(key)) {
    return invalid("the Sec-WebSocket-Accept header does not answer the key");
  }
  return {};
}

base::Result<std::string> check_subprotocol(const http::Headers& headers, const http::Headers& request) {
  if (!headers.contains("Sec-WebSocket-Protocol")) return std::string();
  const std::string chosen = *headers.joined("Sec-WebSocket-Protocol");
  const auto offered = http::parse_token_list(request.joined("Sec-WebSocket-Protocol").value_or(""));
  if (!offered || std::find(offered->begin(), offered->end(), chosen) == offered->end()) {
    return invalid("the server chose the subprotocol \"" + chosen + "\", which was not offered");
  }
  return chosen;
}

base::Result<AgreedExtensions> check_extensions(const http::Headers& headers, const http::Headers& request,
                                                const std::vector<const ExtensionOffer*>& offers) {
  const auto value = headers.joined("Sec-WebSocket-Extensions");
  if (!value) return AgreedExtensions{};
  const auto accepted = parse_extensions(*value);
  if (!accepted) return invalid("invalid Sec-WebSocket-Extensions header: " + accepted.error().message);
  // The header may have been the caller's.
  const auto sent = parse_extensions(request.joined("Sec-WebSocket-Extensions").value_or(""));
  const auto was_sent = [&sent](std::string_view name) {
    return sent && std::any_of(sent->begin(), sent->end(), [&](const auto& element) { return element.name == name; });
  };
  std::vector<const ExtensionOffer*> made;
  std::copy_if(offers.begin(), offers.end(), std::back_inserter(made),
               [&](const ExtensionOffer* offer) { return was_sent(offer->name()); });
  for (const ExtensionElement& element : *accepted) {
    const bool is_known = std::any_of(made.begin(), made.end(),
                                      [&](const ExtensionOffer* offer) { return offer->name() == element.name; });
    if (!is_known && was_sent(element.name)) {
      return invalid("the server accepted an extension that is offered but not known here: " + element.name);
    }
  }
  return confirm_extensions(*accepted, made);
}

}  // namespace

std::string make_key(base::RandomSource& random) {
  std::array<std::byte, 16> nonce;
  random.fill(nonce);
  return base::base64_encode(nonce);
}

std::string accept_value(std::string_view key) {
  constexpr std::string_view guid = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
  const std::string proof = std::string(key).append(guid);
  return base::base64_encode(base::sha1(base::as_bytes(proof)));
}

http::RequestHead make_request(const http::Url& url, const ConnectOptions& options, const std::string& key,
                               const std::vector<const ExtensionOffer*>& offers) {
  http::RequestHead request{"GET", url.target, {}, {}};
  http::Headers& headers = request.headers;
  const auto add = [&](std::string_view name, const std::string& value) {
    if (is_made(name, options.headers, options.left_out)) headers.add(std::string(name), value);
  };
  // It comes first, whoever makes it (RFC 9110 section 7.2).
  const auto is_host = [](const http::Field& field) { return http::equals_ignoring_case(field.name, "Host"); };
  for (const http::Field& field : options.headers) {
    if (is_host(field)) add_given(headers, field);
  }
  add("Host", options.host.empty() ? url.authority() : options.host);
  if (url.credentials) add("Authorization", http::write_basic_credentials(*url.credentials));
  if (!options.origin.empty()) add("Origin", options.origin);
  add("Upgrade", "websocket");
  add("Connection", "Upgrade");
  add("Sec-WebSocket-Key", key);
  add("Sec-WebSocket-Version", std::to_string(options.version));
  std::vector<ExtensionElement> elements;
  elements.reserve(offers.size());
  for (const ExtensionOffer* offer : offers) elements.push_back({std::string(offer->name()), offer->request()});
  if (!elements.empty()) add("Sec-WebSocket-Extensions", write_extensions(elements));
  if (!options.subprotocols.empty()) add("Sec-WebSocket-Protocol", join(options.subprotocols));
  for (const http::Field& field : options.headers) {
    if (!is_host(field)) add_given(headers, field);
  }
  return request;
}

base::Result<Agreement> check_response(const http::ResponseHead& response, const http::RequestHead& request,
                                       const std::vector<const ExtensionOffer*>& offers) {
  if (response.version != http::Version{1, 1}) return invalid("the response is not HTTP/1.1");
  if (auto upgrade = check_upgrade(response.headers); !upgrade) return std::move(upgrade).error();
  if (auto accept = check_accept(response.headers, request.headers); !accept) return std::move(accept).error();
  auto extensions = check_extensions(response.headers, request.headers, offers);
  if (!extensions) return std::move(extensions).error();
  auto subprotocol = check_subprotocol(response.headers, request.headers);
  if (!subprotocol) return std::move(subprotocol).error();
  return Agreement{std::move(subprotocol).value(), std::move(extensions).value()};
}

}  // namespace wscope::ws
