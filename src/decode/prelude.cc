#include "decode/prelude.h"

#include <algorithm>

#include <fmt/format.h>

#include "http/head_parser.h"
#include "view/escape.h"
#include "wire/agreement.h"
#include "ws/extension_header.h"

namespace wscope::decode {
namespace {

// What `seen` and `whole` have in common is all that there is of one of them.
bool agrees(std::string_view seen, std::string_view whole) noexcept {
  const std::size_t size = std::min(seen.size(), whole.size());
  return seen.substr(0, size) == whole.substr(0, size);
}

// A handshake message in a record (RFC 8446 section 5.1).
bool may_be_tls(base::Bytes seen) noexcept {
  const auto byte = [seen](std::size_t i) { return i < seen.size() ? std::to_integer<int>(seen[i]) : -1; };
  const int message = byte(5);
  return agrees(base::as_text(seen), "\x16\x03") && byte(2) <= 4 && (message == -1 || message == 1 || message == 2);
}

constexpr std::size_t tls_size = 6;
constexpr std::string_view http2_preface = "PRI * HT";

bool offers_deflate(const http::Headers& headers) {
  const auto value = headers.joined("Sec-WebSocket-Extensions");
  if (!value) return false;
  const auto offers = ws::parse_extensions(*value);
  return offers && std::any_of(offers->begin(), offers->end(),
                               [](const ws::ExtensionElement& offer) { return offer.name == "permessage-deflate"; });
}

HeadMeaning unreadable(std::string_view kind, const http::HeadParser& parser) {
  return {.foreign =
              Foreign{fmt::format("HTTP {} that cannot be read: {}", kind, view::escape(parser.error().detail))}};
}

HeadMeaning meaning_of_response(std::string_view head) {
  http::HeadParser parser(http::HeadParser::Kind::response, {});
  base::Bytes in = base::as_bytes(head);
  if (parser.receive(in) != http::HeadParser::Progress::done) return unreadable("response", parser);
  const http::ResponseHead response = parser.take_response();
  HeadMeaning meaning;
  meaning.sender = ws::Role::server;
  if (response.status == 101) {
    meaning.deflate = wire::agreed_deflate(head);
  } else if (response.status < 200) {
    meaning.is_interim = true;
  } else {
    meaning.foreign = Foreign{fmt::format("HTTP response {} {}", response.status, view::escape(response.reason))};
  }
  return meaning;
}

HeadMeaning meaning_of_request(std::string_view head) {
  http::HeadParser parser(http::HeadParser::Kind::request, {});
  base::Bytes in = base::as_bytes(head);
  if (parser.receive(in) != http::HeadParser::Progress::done) return unreadable("request", parser);
  const http::RequestHead request = parser.take_request();
  HeadMeaning meaning;
  const auto upgrade = request.headers.joined("Upgrade");
  if (!upgrade || !http::equals_ignoring_case(*upgrade, "websocket")) {
    meaning.foreign =
        Foreign{"HTTP request without an upgrade: " + view::escape(request.method + " " + request.target)};
  } else if (offers_deflate(request.headers)) {
    meaning.deflate = ws::DeflateParameters();
  }
  return meaning;
}

}  // namespace

Prelude recognize(base::Bytes begin) noexcept {
  const std::string_view text = base::as_text(begin);
  if (text.empty()) return Prelude::undecided;
  for (const std::string_view head : {"GET /", "GET h", "HTTP/1."}) {
    if (agrees(text, head)) return text.size() < head.size() ? Prelude::undecided : Prelude::head;
  }
  if (agrees(text, http2_preface)) return text.size() < http2_preface.size() ? Prelude::undecided : Prelude::http2;
  if (may_be_tls(begin)) return begin.size() < tls_size ? Prelude::undecided : Prelude::tls;
  return Prelude::frames;
}

std::optional<Foreign> describe_foreign(Prelude prelude) {
  if (prelude == Prelude::tls) return Foreign{"TLS, which cannot be read"};
  if (prelude == Prelude::http2) return Foreign{"HTTP/2"};
  return std::nullopt;
}

HeadMeaning read_meaning(std::string_view head) {
  const std::size_t begin = std::min(head.find_first_not_of("\r\n"), head.size());
  return head.substr(begin).starts_with("HTTP/") ? meaning_of_response(head) : meaning_of_request(head);
}

}  // namespace wscope::decode
