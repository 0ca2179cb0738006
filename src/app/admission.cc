#include "app/admission.h"

#include <string_view>

#include "http/auth.h"

namespace wscope::app {
namespace {

constexpr std::string_view page = R"(<!DOCTYPE html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>wscope</title>
<style>
  body { font: 1em monospace; margin: 1em; color-scheme: light dark }
  #log { white-space: pre-wrap; overflow-wrap: anywhere }
  input { font: inherit; width: 100%; box-sizing: border-box }
  .note { opacity: .6 }
</style>
<div id="log" aria-live="polite"></div>
<form><input id="line" placeholder="a message" autofocus autocomplete="off"></form>
<script>
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
</script>
)";

std::string_view path_of(std::string_view target) noexcept { return target.substr(0, target.find('?')); }

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

std::optional<Answer> refuse(const cli::Admission& admission, const http::RequestHead& request) {
  if (!admission.path.empty() && path_of(request.target) != admission.path) {
    return Answer{404, {}, "there is nothing here\n"};
  }
  if (admission.credentials && !are_right(*admission.credentials, request.headers.find("Authorization"))) {
    return Answer{401, {{"WWW-Authenticate", http::write_basic_challenge("wscope")}}, "credentials are needed\n"};
  }
  return std::nullopt;
}

std::optional<Answer> answer_browser(const cli::Admission& admission, const http::RequestHead& request) {
  if (request.method != "GET" || request.headers.contains("Upgrade")) return std::nullopt;
  const bool needs_host = request.version == http::Version{1, 1};  // RFC 9112 section 3.2
  if (needs_host && request.headers.count("Host") != 1) return std::nullopt;
  if (auto refused = refuse(admission, request)) return refused;
  return Answer{200, {{"Content-Type", "text/html; charset=utf-8"}, {"Cache-Control", "no-store"}}, std::string(page)};
}

}  // namespace wscope::app
