#include "link/guard.h"

#include <algorithm>
#include <string_view>
#include <utility>

#include "http/origin.h"
#include "http/request_target.h"

namespace wscope::link {
namespace {

using MaybeRefusal = std::optional<GuardRefusal>;

constexpr std::string_view anything = "*";
constexpr std::string_view no_origin = "none";

bool contains(const std::vector<std::string>& list, std::string_view element) {
  return std::find(list.begin(), list.end(), element) != list.end();
}

// Nobody can have a name of the public DNS without a dot, so no page of another site can be under one.
bool is_ours(const GuardOptions& options, const http::Host& host) {
  if (host.kind != http::Host::Kind::name || host.is_loopback()) return true;
  if (host.text.find('.') == std::string::npos) return true;
  return contains(options.names, host.text) || contains(options.names, anything);
}

MaybeRefusal check_host(const GuardOptions& options, const http::Authority& asked) {
  if (is_ours(options, asked.host)) return std::nullopt;
  return GuardRefusal{403, "host " + asked.host.text, "not our name (allow it with --allow-host)"};
}

GuardRefusal refuse_origin(const std::string& origin) {
  if (origin == "null") return {403, origin, "a file or a sandboxed frame (--origin null lets in every site's)"};
  if (origin.empty()) return {403, "an empty Origin", "no web page of ours has one"};
  return {403, origin, "a web page of another site (allow it with --origin)"};
}

// A browser names the origin of every page that opens a WebSocket: who names none is a program.
MaybeRefusal check_program(const GuardOptions& options, const http::RequestHead& head) {
  if (head.headers.contains("Sec-Fetch-Site")) {
    return GuardRefusal{403, "a web page without an Origin", "a browser asks, by its Sec-Fetch-Site"};
  }
  if (options.origins.empty() || contains(options.origins, no_origin)) return std::nullopt;
  return GuardRefusal{403, "a client without an Origin", "it is not in the list (allow it with --origin none)"};
}

bool is_listed(const std::vector<std::string>& origins, const std::string& origin) {
  return origin != no_origin && contains(origins, http::normalized_origin(origin));
}

// From a page that we have served ourselves, or one that is being written on this machine.
MaybeRefusal check_own_page(const GuardOptions& options, const Visit& visit, const http::Authority& asked,
                            const std::string& value) {
  const auto origin = http::parse_origin(value);
  if (origin && visit.from_here && origin->host.is_loopback()) return std::nullopt;
  const bool same = origin && (origin->secure || !options.secure) && origin->host == asked.host &&
                    origin->port == asked.port.value_or(http::default_port(origin->secure));
  if (!same) return refuse_origin(value);
  return check_host(options, asked);
}

}  // namespace

std::optional<http::Authority> asked_authority(const http::RequestHead& head) {
  if (head.headers.count("Host") != 1) return std::nullopt;
  const auto target = http::split_target(head.target);
  if (target && target->authority) return http::parse_authority(*target->authority);
  return http::parse_authority(*head.headers.find("Host"));
}

std::optional<GuardRefusal> judge_visit(const GuardOptions& options, const Visit& visit) {
  const bool full = options.scope == GuardOptions::Scope::full;
  const bool listed = !options.origins.empty() && options.scope != GuardOptions::Scope::open;
  if (!(full || listed) || contains(options.origins, anything)) return std::nullopt;
  const auto asked = asked_authority(*visit.head);
  if (full && !asked)
    return GuardRefusal{400, "a request", "it does not say whom it asks: not exactly one proper Host"};
  if (!visit.upgrade) return full ? check_host(options, *asked) : std::nullopt;
  const auto origin = visit.head->headers.joined("Origin");
  if (!origin) return check_program(options, *visit.head);
  if (!listed) return check_own_page(options, visit, *asked, *origin);
  return is_listed(options.origins, *origin) ? std::nullopt : MaybeRefusal(refuse_origin(*origin));
}

}  // namespace wscope::link
