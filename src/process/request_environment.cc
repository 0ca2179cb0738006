#include "process/request_environment.h"

#include <algorithm>
#include <map>
#include <vector>

#include "http/auth.h"
#include "http/authority.h"
#include "http/percent.h"
#include "http/request_target.h"

namespace wscope::process {
namespace {

// Of other requests, if it were in our own environment.
constexpr std::string_view of_requests[] = {
    "AUTH_TYPE",       "CONTENT_LENGTH",  "CONTENT_TYPE",    "GATEWAY_INTERFACE", "HTTPS",
    "PATH_INFO",       "QUERY_STRING",    "PATH_TRANSLATED", "REMOTE_ADDR",       "REMOTE_HOST",
    "REMOTE_IDENT",    "REMOTE_PORT",     "REMOTE_USER",     "REQUEST_METHOD",    "REQUEST_URI",
    "SCRIPT_NAME",     "SERVER_NAME",     "SERVER_PORT",     "UNIQUE_ID",         "SERVER_PROTOCOL",
    "SERVER_SOFTWARE", "SSL_CLIENT_S_DN", "WSCOPE_CONN",     "WSCOPE_URL",        "WSCOPE_SUBPROTOCOL"};

// What a field is called; empty: programs do not get it. With other characters than these two names could become one
// ("A_B" and "A-B"), and Proxy would be taken for the proxy of what the program fetches (httpoxy).
std::string variable_of(std::string_view field) {
  const std::string lower = http::in_lower_case(std::string(field));
  if (lower == "proxy" || lower.starts_with("content-")) return {};
  std::string name = "HTTP_";
  for (const char c : lower) {
    const bool is_letter = c >= 'a' && c <= 'z';
    if (!is_letter && (c < '0' || c > '9') && c != '-') return {};
    name += is_letter ? static_cast<char>(c - 'a' + 'A') : c == '-' ? '_' : c;
  }
  return name;
}

void add_fields(const RequestFacts& facts, Environment& environment) {
  std::map<std::string, std::string> values;
  for (const http::Field& field : facts.head.headers) {
    const std::string name = variable_of(field.name);
    if (name.empty() || (name == "HTTP_AUTHORIZATION" && facts.checks_credentials)) continue;
    const auto [same, is_first] = values.try_emplace(name, field.value);
    if (!is_first) same->second.append(name == "HTTP_COOKIE" ? "; " : ", ").append(field.value);
  }
  for (const auto& [name, value] : values) environment.set(name, value);
}

std::string server_name(const http::RequestHead& head, std::optional<std::string_view> authority) {
  const std::string* const host = head.headers.find("Host");
  if (!authority && host != nullptr) authority = *host;
  const auto read = authority ? http::parse_authority(*authority) : std::nullopt;
  return read ? read->host.in_url() : "";
}

void add_client(const RequestFacts& facts, Environment& environment) {
  const std::string host = facts.client.host_text();
  environment.set("REMOTE_ADDR", host);
  environment.set("REMOTE_HOST", host);
  environment.set("REMOTE_PORT", host.empty() ? "" : std::to_string(facts.client.port()));
  if (!facts.client_subject.empty()) environment.set("SSL_CLIENT_S_DN", facts.client_subject);
  if (facts.secure) environment.set("HTTPS", "on");
  if (!facts.checks_credentials) return;
  const std::string* const sent = facts.head.headers.find("Authorization");
  const auto credentials = sent != nullptr ? http::parse_basic_credentials(*sent) : std::nullopt;
  if (!credentials) return;
  environment.set("AUTH_TYPE", "Basic");
  environment.set("REMOTE_USER", credentials->user);
}

bool has_nul(std::string_view text) noexcept { return text.find('\0') != std::string_view::npos; }

}  // namespace

bool add_request(const RequestFacts& facts, Environment& environment) {
  const auto target = http::split_target(facts.head.target);
  const auto path = target ? http::percent_decode(target->path()) : std::nullopt;
  if (!path || has_nul(*path) || has_nul(facts.head.target)) return false;
  for (const std::string_view name : of_requests) environment.remove(name);
  const std::size_t query = target->path_and_query.find('?');
  environment.set("GATEWAY_INTERFACE", "CGI/1.1");
  environment.set("SERVER_SOFTWARE", facts.software);
  environment.set("SERVER_NAME", server_name(facts.head, target->authority));
  environment.set("SERVER_PORT", std::to_string(facts.port));
  environment.set("SERVER_PROTOCOL",
                  "HTTP/" + std::to_string(facts.head.version.major) + "." + std::to_string(facts.head.version.minor));
  environment.set("REQUEST_METHOD", facts.head.method);
  environment.set("REQUEST_URI", facts.head.target);
  environment.set("SCRIPT_NAME", "");
  environment.set("PATH_INFO", *path);
  environment.set("QUERY_STRING",
                  query == std::string::npos ? "" : std::string_view(target->path_and_query).substr(query + 1));
  environment.set("UNIQUE_ID", facts.unique);
  add_client(facts, environment);
  add_fields(facts, environment);
  add_connection(facts.connection, facts.url, facts.subprotocol, environment);
  return true;
}

void add_connection(std::uint64_t connection, std::string_view url, std::string_view subprotocol,
                    Environment& environment) {
  environment.set("WSCOPE_CONN", std::to_string(connection));
  environment.set("WSCOPE_URL", url);
  environment.set("WSCOPE_SUBPROTOCOL", subprotocol);
}

}  // namespace wscope::process
