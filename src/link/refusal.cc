#include "link/refusal.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "base/utf8.h"
#include "http/auth.h"
#include "http/field_syntax.h"
#include "link/redirect.h"
#include "ws/content_coding.h"

namespace wscope::link {
namespace {

// Bytes of the body of a refusal: enough to tell what it is.
constexpr std::size_t shown_body = 1024;

// Of a body that is part of an error's one line.
constexpr std::size_t body_in_line = 200;

std::string join(const std::vector<std::string>& words) {
  std::string text;
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (i > 0) text += i + 1 == words.size() ? " or " : ", ";
    text += words[i];
  }
  return text;
}

bool has(const std::vector<std::string>& schemes, std::string_view scheme) {
  return std::any_of(schemes.begin(), schemes.end(),
                     [&](const std::string& other) { return http::equals_ignoring_case(other, scheme); });
}

std::string hint_for_credentials(const http::ResponseHead& response, const Given& given) {
  const std::vector<std::string> schemes = http::challenge_schemes(response.headers, "WWW-Authenticate");
  const std::string wants = "401: it wants " + (schemes.empty() ? "credentials" : join(schemes));
  if (given.credentials && !given.credentials_sent) return wants + "; a redirection to another origin takes none along";
  if (given.credentials) return wants + ", and does not take what was given";
  const bool basic = schemes.empty() || has(schemes, "Basic");
  const bool bearer = schemes.empty() || has(schemes, "Bearer");
  if (!basic && !bearer) return wants + ", which only -H 'Authorization: ...' can give";
  const std::string how = std::string(basic ? "--auth USER:PASSWORD" : "") + (basic && bearer ? " or " : "") +
                          (bearer ? "--bearer TOKEN" : "");
  return wants + ", try " + how;
}

std::string hint_for_version(const std::string& status, const std::string& versions, const Given& given) {
  const bool one = versions.find(',') == std::string::npos && versions != "13";
  return status + ": server wants version " + versions + (one && !given.version ? ", try -p " + versions : "");
}

std::string hint_for(const http::ResponseHead& response, const http::Url& url, const Given& given) {
  const std::string status = std::to_string(response.status);
  const std::string* location = response.headers.find("Location");
  if (response.status >= 300 && response.status < 400 && location != nullptr) {
    return status + ": it has moved to " + http::without_userinfo(*location) +
           (is_redirection(response.status) ? ", -L follows it" : "");
  }
  const std::string* type = response.headers.find("Content-Type");
  const std::string* version = response.headers.find("Sec-WebSocket-Version");
  switch (response.status) {
    case 200:
      return status + (type != nullptr ? " " + *type : "") + ": not a WebSocket path?";
    case 401:
      return hint_for_credentials(response, given);
    case 403:
      return given.origin ? "" : status + ": it may want an Origin, try -o";
    case 404:
      return status + ": is this the path of the WebSocket endpoint?";
    case 400:
      if (version == nullptr && !url.secure) return status + ": if it wants TLS, try wss://";
      [[fallthrough]];
    case 426:
      return version != nullptr ? hint_for_version(status, *version, given) : "";
    case 429:
      return status + ": too many requests, try later";
    default:
      return "";
  }
}

// What came is no HTTP, or too much of it.
std::string hint_for_head(const ws::HandshakeFailed& failure, const Given& given) {
  using Code = http::HeadError::Code;
  if (failure.error == nullptr) return "";
  switch (failure.error->code) {
    case Code::tls_record:
      return "got a TLS record: try wss://";
    case Code::websocket_frame:
      return "something on the way ate the answer to the upgrade?";
    case Code::start_line_long:
    case Code::head_too_long:
      return given.head_limit ? "" : "--max-header allows more";
    case Code::syntax:
      break;
  }
  return "is a WebSocket server on this port?";
}

// A subprotocol that the server chose and that is what is wrong can be offered.
std::string hint_for_response(const ws::HandshakeFailed& failure) {
  if (failure.response == nullptr) return "";
  const std::string chosen = failure.response->headers.joined("Sec-WebSocket-Protocol").value_or("");
  const bool is_reason = failure.detail.find("subprotocol \"" + chosen + "\",") != std::string_view::npos;
  return is_reason && http::is_token(chosen) ? "-s " + chosen + " offers it" : "";
}

// The media type in lower case, without its parameters.
std::string media_type(const http::ResponseHead& response) {
  const std::string* type = response.headers.find("Content-Type");
  if (type == nullptr) return "";
  return http::in_lower_case(std::string(http::trim_white_space(std::string_view(*type).substr(0, type->find(';')))));
}

bool is_latin1(const http::ResponseHead& response) {
  const std::string* type = response.headers.find("Content-Type");
  const std::string lower = type != nullptr ? http::in_lower_case(*type) : "";
  const std::size_t charset = lower.find("charset=");
  if (charset == std::string::npos) return false;
  const std::string_view name = std::string_view(lower).substr(charset + sizeof "charset=" - 1);
  for (const std::string_view known : {"iso-8859-1", "latin1", "windows-1252"}) {
    if (name.starts_with(known) || (name.starts_with('"') && name.substr(1).starts_with(known))) return true;
  }
  return false;
}

// On one line: a line break and the blanks around it are a space.
std::string on_one_line(std::string_view text) {
  constexpr std::string_view blanks = " \t\r\n";
  std::string line;
  while (!text.empty()) {
    const std::size_t run = std::min(text.find_first_of(blanks), text.size());
    line += text.substr(0, run);
    text.remove_prefix(run);
    const std::size_t end = std::min(text.find_first_not_of(blanks), text.size());
    const std::string_view gap = text.substr(0, end);
    text.remove_prefix(end);
    if (text.empty() || gap.empty()) continue;
    if (!line.empty()) line += gap.find_first_of("\r\n") != std::string_view::npos ? " " : gap;
  }
  return line;
}

// ": " and the body if that is text or JSON, the beginning of it if it is long.
std::string body_in_words(const http::ResponseHead& response, std::string_view body) {
  const std::string type = media_type(response);
  const bool json = type == "application/json" || type.ends_with("+json");
  const std::size_t begin = body.find_first_not_of(" \t\r\n");
  const bool untyped = type.empty() && begin != std::string_view::npos && body[begin] != '<';
  if (!json && type != "text/plain" && !untyped) return "";
  std::string line = on_one_line(body);
  if (untyped && line.size() > body_in_line) return "";  // who knows what it is
  if (line.empty() || !base::is_utf8(base::as_bytes(line))) return "";
  if (line.size() > body_in_line) line = std::string(base::utf8_prefix(line, body_in_line)) + "…";
  return ": " + line;
}

}  // namespace

std::string without_given(std::string_view hint, const std::vector<std::string_view>& given) {
  constexpr std::string_view separator = ", ";
  std::string left;
  while (!hint.empty()) {
    const std::size_t end = std::min(hint.find(separator), hint.size());
    const std::string_view part = hint.substr(0, end);
    hint.remove_prefix(std::min(end + separator.size(), hint.size()));
    const std::string_view option = part.substr(0, part.find(' '));
    if (std::find(given.begin(), given.end(), option) != given.end()) continue;
    left += (left.empty() ? "" : separator);
    left += part;
  }
  return left;
}

base::Error explain_refusal(const http::ResponseHead& response, std::string_view body, const http::Url& url,
                            const Given& given) {
  std::string reason = response.reason.empty() ? std::string(http::reason_phrase(response.status)) : response.reason;
  if (!reason.empty()) reason.insert(0, " ");
  const std::string words = "upgrade refused: HTTP " + std::to_string(response.status) + reason;
  return {base::ErrorKind::http, words + body_in_words(response, body), hint_for(response, url, given)};
}

std::string readable_body(const http::ResponseHead& response, std::string_view body, std::size_t limit) {
  const std::string codings = response.headers.joined("Content-Encoding").value_or("");
  auto decoded = ws::undo_content_coding(codings, base::as_bytes(body), limit);
  std::string text = decoded ? std::move(*decoded) : std::string(body.substr(0, limit));
  if (decoded && is_latin1(response)) text = base::utf8_from_latin1(text);
  // What was cut may end inside a character.
  if (text.size() >= limit) text.resize(base::utf8_prefix(text, limit - 1).size());
  return text;
}

std::string describe(const ws::HandshakeFailed& failure) {
  std::string words(failure.detail);
  if (failure.error == nullptr || !failure.error->over_limit()) return words;
  const std::size_t came = failure.error->came;
  return words + " (--max-header" + (came > 0 ? "; " + std::to_string(came) + " had come" : "") + ")";
}

std::string_view beginning_of_body(std::string_view body) noexcept { return base::utf8_prefix(body, shown_body); }

base::Error explain_failure(const ws::HandshakeFailed& failure, const http::Url& url, const std::string& where,
                            const Given& given, const std::string& socket_error) {
  using Reason = ws::HandshakeFailed::Reason;
  const std::string detail = describe(failure);
  switch (failure.reason) {
    case Reason::timed_out:
      return {base::ErrorKind::connect, where + ": timed out: no answer to the upgrade request"};
    case Reason::stream_ended:
      return {base::ErrorKind::http, where + ": upgrade failed: " + (socket_error.empty() ? detail : socket_error),
              url.secure || socket_error.empty() ? "" : "if it wants TLS, try wss://"};
    case Reason::not_http:
      return {base::ErrorKind::http, where + ": upgrade failed: " + detail, hint_for_head(failure, given)};
    case Reason::bad_response:
      return {base::ErrorKind::http, where + ": invalid upgrade response: " + detail, hint_for_response(failure)};
    default:
      return {base::ErrorKind::http, where + ": upgrade failed: " + detail};
  }
}

}  // namespace wscope::link
