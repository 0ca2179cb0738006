#include "link/admission.h"

#include <utility>

#include "base/base64.h"
#include "http/auth.h"
#include "http/request_target.h"
#include "tls/digest.h"

namespace wscope::link {
namespace {

// A browser obeys no other style or script on the page: their digests are in its policy.
constexpr std::string_view style = R"(
  body { font: 1em monospace; margin: 1em; color-scheme: light dark }
  #log { white-space: pre-wrap; overflow-wrap: anywhere }
  input { font: inherit; width: 100%; box-sizing: border-box }
  .note { opacity: .6 }
)";
constexpr std::string_view script = R"(
  const log = document.getElementById("log"), line = document.getElementById("line");
  const show = (text, kind) => {
    const row = log.appendChild(document.createElement("div"));
    row.textContent = text;
    row.className = kind || "";
    line.scrollIntoView();
  };
  const url = location.href.replace(/^http/, "ws").replace(/#.*/, "");
  const socket = new WebSocket(url);
  socket.binaryType = "arraybuffer";
  socket.onopen = () => show("connected to " + url, "note");
  socket.onclose = event => show(`closed: ${event.code} ${event.reason}`, "note");
  socket.onmessage = ({ data }) => show("< " + (typeof data === "string" ? data :
    Array.from(new Uint8Array(data), byte => byte.toString(16).padStart(2, "0")).join(" ")));
  document.forms[0].onsubmit = event => {
    event.preventDefault();
    if (socket.readyState !== WebSocket.OPEN) return;
    socket.send(line.value);
    show("> " + line.value);
    line.value = "";
  };
)";

std::string page() {
  std::string text = R"(<!DOCTYPE html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>wscope</title>
<style>)";
  text.append(style).append(R"(</style>
<div id="log" aria-live="polite"></div>
<form><input id="line" placeholder="a message" autofocus autocomplete="off"></form>
<script>)");
  return text.append(script).append("</script>\n");
}

// As Content Security Policy Level 3 has it.
std::string digest_source(std::string_view text) {
  return "'sha256-" + base::base64_encode(tls::sha256(base::as_bytes(text))) + "'";
}

http::Headers page_headers() {
  return {{"Content-Type", "text/html; charset=utf-8"},
          {"Cache-Control", "no-store"},
          {"Content-Security-Policy", "default-src 'none'; script-src " + digest_source(script) + "; style-src " +
                                          digest_source(style) +
                                          "; connect-src 'self'; base-uri 'none'; form-action 'none'; "
                                          "frame-ancestors 'none'"},
          {"X-Content-Type-Options", "nosniff"},
          {"Cross-Origin-Resource-Policy", "same-origin"},
          {"Referrer-Policy", "no-referrer"}};
}

// The path of a target that is a URL is that of the URL.
bool is_path(std::string_view wanted, const std::string& target) {
  const auto parts = http::split_target(target);
  return parts && parts->path() == wanted;
}

// In a time that does not tell where they differ.
bool equal(std::string_view a, std::string_view b) noexcept {
  if (a.size() != b.size()) return false;
  unsigned difference = 0;
  for (std::size_t i = 0; i < a.size(); ++i) difference |= static_cast<unsigned char>(a[i] ^ b[i]);
  return difference == 0;
}

bool are_right(const http::Credentials& wanted, const std::string* authorization) {
  if (authorization == nullptr) return false;
  const auto given = http::parse_basic_credentials(*authorization);
  return given && equal(given->user, wanted.user) && equal(given->password, wanted.password);
}

}  // namespace

Answer plain_answer(int status, std::string_view line, http::Headers headers) {
  headers.add("Content-Type", "text/plain; charset=utf-8");
  headers.add("X-Content-Type-Options", "nosniff");
  return {status, std::move(headers), std::string(line) + "\n"};
}

std::optional<Answer> refuse(const Admission& admission, const http::RequestHead& request) {
  if (!admission.path.empty() && !is_path(admission.path, request.target)) {
    return plain_answer(404, "there is nothing here");
  }
  if (admission.credentials && !are_right(*admission.credentials, request.headers.find("Authorization"))) {
    return plain_answer(401, "credentials are needed", {{"WWW-Authenticate", http::write_basic_challenge("wscope")}});
  }
  return std::nullopt;
}

Answer answer_plain(const Admission& admission, const http::RequestHead& request) {
  if (request.method != "GET" && request.method != "HEAD") {
    return plain_answer(405, "the method must be GET or HEAD", {{"Allow", "GET, HEAD"}});
  }
  if (auto refused = refuse(admission, request)) return std::move(*refused);
  return {200, page_headers(), page()};
}

}  // namespace wscope::link
